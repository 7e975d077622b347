import { type DestinationStream, pino } from 'pino';
import { createScrubber, REDACTED } from './scrub.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

interface WriteLine {
  /** What it is about first (`err` for an error), then a constant phrase. */
  (detail: object, phrase: string): void;
  (phrase: string): void;
}

/** What the house asks of a log, so that a test can hand in an object literal. */
export interface Log {
  readonly debug: WriteLine;
  readonly info: WriteLine;
  readonly warn: WriteLine;
  readonly error: WriteLine;
  child(bindings: object): Log;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Values that must never be written, in any encoding. */
  readonly secrets: readonly string[];
  /** Standard output unless given. */
  readonly destination?: DestinationStream;
}

/** A text under a telling name, at any depth and in any case; pino's own `redact` walks objects, and a URL breaks it. */
const TELLING =
  /"(authorization|cookie|password|token|api_?key|service_?key|admin_?key|jwt_?secret)":"(?:[^"\\]|\\.)*"/gi;

/** A log of one JSON object per line in which the secret values never show and a line break never splits a line. */
export function createLog({ level, secrets, destination }: LogOptions): Log {
  const scrub = createScrubber(secrets);
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // names miss messages, causes, URLs and strings; the values do not
      hooks: { streamWrite: (line) => scrub(line.replace(TELLING, `"$1":"${REDACTED}"`)) },
    },
    destination ?? pino.destination({ sync: true }),
  ) as Log;
}
