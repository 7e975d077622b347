import { atNewYork, sessionDateOf } from '../../domain/session.ts';

/** Epoch ms of a provider time in ns, µs, ms or s, told apart by magnitude; undefined for zero, negative or absent. */
export function epochMs(value: number | null | undefined): number | undefined {
  if (typeof value !== 'number' || !(value > 0) || !Number.isFinite(value)) return undefined;
  if (value >= 1e17) return Math.floor(value / 1e6);
  if (value >= 1e14) return Math.floor(value / 1e3);
  if (value >= 1e11) return Math.floor(value);
  return Math.floor(value * 1e3);
}

/** Epoch ms of an RFC 3339 text; undefined when it is none. */
export function epochMsOfText(text: string | null | undefined): number | undefined {
  if (!text) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

let lastAsked = Number.NaN;
let lastAnswer = Number.NaN;

/** 00:00 New York of the day that holds `at`: stock day bars start there, index ones an hour later, previous-day ones say 16:00. */
export function newYorkMidnight(at: number): number {
  // thousands of rows of one grouped answer share one instant
  if (at !== lastAsked) {
    lastAnswer = atNewYork(sessionDateOf(at), '00:00');
    lastAsked = at;
  }
  return lastAnswer;
}
