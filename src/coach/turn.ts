import type { Card, CardButton } from '../cards/card.ts';
import type { CommandDefinition, Ctx, Invoke } from '../command.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Refused, ToolResult } from './reference.ts';
import { tidy } from './reference.ts';
import type { Source } from './render.ts';

/** One thing that was said in a thread before. */
interface Said {
  readonly by: 'member' | 'coach';
  readonly text: string;
}

/** A member's question and all that belongs to it. */
export interface Question {
  readonly text: string;
  /** As the asking member; who asks is never taken from the text. */
  readonly ctx: Ctx;
  readonly history: readonly Said[];
  /** In `shared` places others read along, so nothing private is read or told. */
  readonly audience: 'private' | 'shared';
  /** The plan whose thread this is. */
  readonly planId?: string;
  /** One short line on what is being read now. */
  readonly onProgress?: (line: string) => void;
}

export type Fault =
  | 'unauthorized'
  | 'rate_limited'
  | 'server_error'
  | 'bad_request'
  | 'timeout'
  | 'network'
  | 'garbage'
  | 'refusal'
  | 'empty'
  | 'endless'
  | 'ungrounded';

export interface CoachAnswer {
  readonly text: string;
  readonly sources: readonly Source[];
  readonly buttons: readonly CardButton[];
  /** Cards of tools that one acts on, such as a plan with its chart. */
  readonly cards: readonly Card[];
  readonly provenance?: Provenance;
  readonly by: 'model' | 'template';
  /** Why the model did not answer, when it should have. */
  readonly fault?: Fault;
  /** A private tool was read for it. */
  readonly private: boolean;
}

export interface Reading {
  readonly command: CommandDefinition;
  readonly result: ToolResult;
  readonly card: Card;
  readonly provenance: Provenance | undefined;
}

/** The tool results of one turn: each question asked once, numbered as placeholders name them. */
export interface Desk {
  read(
    command: CommandDefinition,
    input: Readonly<Record<string, unknown>>,
  ): Promise<({ readonly ok: true } & Reading) | Refused>;
  readonly results: ReadonlyMap<string, ToolResult>;
  readonly readings: readonly Reading[];
}

/** Runs commands as the asking member; the same command with the same input is run once a turn. */
export function createDesk(deps: { invoke: Invoke; ctx: Ctx; briefing?: ToolResult }): Desk {
  const results = new Map<string, ToolResult>();
  if (deps.briefing) results.set(deps.briefing.id, deps.briefing);
  const readings: Reading[] = [];
  let numbered = 0;
  const asked = new Map<string, ReturnType<Desk['read']>>();
  const ask = async (command: CommandDefinition, input: Readonly<Record<string, unknown>>) => {
    // numbered by the order of the questions, not of the answers
    numbered += 1;
    const id = `t${numbered}`;
    const outcome = await deps.invoke(command, deps.ctx, input);
    if (!outcome.ok) return { ok: false as const, reason: outcome.error.message };
    const result: ToolResult = {
      id,
      tool: command.tool ?? command.name,
      input,
      output: tidy(outcome.output),
    };
    const reading = { command, result, card: outcome.card, provenance: outcome.card.provenance };
    results.set(result.id, result);
    readings.push(reading);
    return { ok: true as const, ...reading };
  };
  return {
    read(command, input) {
      const key = `${command.name} ${JSON.stringify(Object.entries(input).sort())}`;
      const earlier = asked.get(key);
      if (earlier) return earlier;
      const answer = ask(command, input);
      asked.set(key, answer);
      return answer;
    },
    results,
    readings,
  };
}

const FRESHNESS = { live: 0, delayed: 1, stale: 2 } as const;

/** The stamp of an answer made of several: the oldest time, the worst timeliness, every caveat. */
export function jointProvenance(stamps: readonly (Provenance | undefined)[]): Provenance | undefined {
  const known = stamps.filter((stamp) => stamp !== undefined);
  const [first] = known;
  if (!first) return undefined;
  const worst = known.reduce((a, b) => (FRESHNESS[b.timeliness] > FRESHNESS[a.timeliness] ? b : a), first);
  const notes = [...new Set(known.flatMap((stamp) => stamp.note ?? []))].join('; ');
  return {
    asOf: Math.min(...known.map((stamp) => stamp.asOf)),
    source: [...new Set(known.map((stamp) => stamp.source))].join(' and '),
    timeliness: worst.timeliness,
    ...(notes === '' ? {} : { note: notes }),
  };
}
