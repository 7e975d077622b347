import type { z } from 'zod';
import type { Card } from './cards/card.ts';
import type { Clock } from './kit/clock.ts';
import { AppError } from './kit/errors.ts';
import type { Services } from './services/services.ts';

export type Tier = 'free' | 'pro' | 'owner';

/** Who asks, always taken from the interaction or the connection, never from arguments. */
export interface Caller {
  /** Discord user id; `http` and `system` for the other faces. */
  readonly memberId: string;
  readonly name: string;
  readonly guildId?: string;
  readonly channelId?: string;
  readonly tier: Tier;
}

/** All that a command may know of the house. */
export interface Ctx extends Services {
  readonly caller: Caller;
  readonly clock: Clock;
}

export interface Choice {
  readonly name: string;
  readonly value: string;
}

/** A modal that opens instead of an answer while one of its fields is missing. */
interface Form<I> {
  readonly title: string;
  readonly fields: readonly {
    readonly key: keyof I & string;
    readonly label: string;
    readonly placeholder: string;
    /** Several lines. */
    readonly long?: boolean;
  }[];
  /** With this key given nothing is missing and no form opens. */
  readonly unless?: keyof I & string;
  /** Current values to show in the fields; `given` is what the press or the slash command carried, not yet checked. */
  prefill(
    ctx: Ctx,
    given: Readonly<Record<string, string | number | boolean>>,
  ): Promise<Partial<Record<keyof I & string, string>>>;
}

interface Named<I extends z.ZodObject, O extends z.ZodType> {
  /** Unique key: `price`, `plan-build`. */
  readonly name: string;
  /** Discord name: `price` or `plan build`. */
  readonly slash?: string;
  /** HTTP path answered to GET: `/api/price`. Input comes from the query string. */
  readonly route?: string;
  readonly summary: string;
  /** When the model should call it. */
  readonly guidance: string;
  readonly tier: Tier;
  readonly input: I;
  /** Also the projection: keys that it does not name reach neither the model nor HTTP. */
  readonly output: O;
  /** 8 s unless said. */
  readonly deadlineMs?: number;
  /** Only the asking member sees the answer. */
  readonly private?: boolean;
  readonly suggest?: Partial<Record<keyof z.infer<I> & string, (ctx: Ctx, text: string) => Promise<readonly Choice[]>>>;
  readonly form?: Form<z.infer<I>>;
  /** The answer comes where one talks: Discord opens a thread with what `run` gives, `{ question, planId? }`. */
  readonly opens?: 'conversation';
  run(ctx: Ctx, input: z.infer<I>): Promise<z.input<O>>;
  card(output: z.infer<O>): Card;
}

/** The whole truth about one thing that the bot can do; a face without a name does not exist for it. */
export type CommandDefinition<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType> = Named<I, O> &
  // the model proposes, the member writes: a writing command has no name for the model and no GET route
  (
    | { readonly effect: 'read'; readonly tool?: string }
    | { readonly effect: 'write'; readonly tool?: never; readonly route?: never }
  );

/** Checks the literal's types and forgets them, so that commands of all shapes fit one list. */
export function defineCommand<I extends z.ZodObject, O extends z.ZodType>(
  definition: CommandDefinition<I, O>,
): CommandDefinition {
  return definition as unknown as CommandDefinition;
}

type Outcome =
  | { readonly ok: true; readonly output: unknown; readonly card: Card }
  | { readonly ok: false; readonly error: AppError };

export type Invoke = (command: CommandDefinition, ctx: Ctx, raw: unknown) => Promise<Outcome>;

const TIER_RANK: Record<Tier, number> = { free: 0, pro: 1, owner: 2 };
const DEFAULT_DEADLINE_MS = 8_000;

/** What one finished call tells the log and the metrics. */
export interface InvokeRecord {
  readonly command: string;
  readonly memberId: string;
  readonly outcome: 'ok' | AppError['code'];
  readonly tookMs: number;
  /** The surprise behind an `internal` or `unavailable` outcome. */
  readonly err?: unknown;
}

/** The one way into a command: tier, input, deadline, run, output, record. Never rejects. */
export function createInvoke(deps: { record: (entry: InvokeRecord) => void; elapsed?: () => number }): Invoke {
  const elapsed = deps.elapsed ?? (() => performance.now());
  return async (command, ctx, raw) => {
    const startedAt = elapsed();
    const finish = (outcome: InvokeRecord['outcome'], err?: unknown): void =>
      deps.record({
        command: command.name,
        memberId: ctx.caller.memberId,
        outcome,
        tookMs: elapsed() - startedAt,
        ...(err === undefined ? {} : { err }),
      });
    try {
      const input = admit(command, ctx.caller, raw);
      const deadlineMs = command.deadlineMs ?? DEFAULT_DEADLINE_MS;
      const output = command.output.parse(await within(deadlineMs, command, command.run(ctx, input)));
      const card = command.card(output);
      finish('ok');
      return { ok: true, output, card: command.private ? { ...card, private: true } : card };
    } catch (err) {
      const error = err instanceof AppError ? err : new AppError('internal', INTERNAL_SENTENCE, { cause: err });
      finish(
        error.code,
        error.code === 'internal' || error.code === 'unavailable' ? (error.cause ?? error) : undefined,
      );
      return { ok: false, error };
    }
  };
}

const INTERNAL_SENTENCE =
  'The bot met a fault of its own while working on this; it is in the log. Try again in a minute.';

function admit(command: CommandDefinition, caller: Caller, raw: unknown): z.infer<z.ZodObject> {
  if (TIER_RANK[caller.tier] < TIER_RANK[command.tier]) {
    throw new AppError(
      'tier_required',
      `/${command.slash ?? command.name} needs the ${command.tier} tier; yours is ${caller.tier}.`,
    );
  }
  const parsed = command.input.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new AppError('invalid_input', parsed.error.issues.map(sentenceOf).join(' '), { cause: parsed.error });
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  const where = issue.path.join('.');
  const message = issue.message.endsWith('.') ? issue.message : `${issue.message}.`;
  return where === '' ? message : `${where}: ${message}`;
}

async function within<T>(deadlineMs: number, command: CommandDefinition, work: Promise<T>): Promise<T> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      timeout.reject(
        new AppError(
          'unavailable',
          `/${command.slash ?? command.name} had no answer after ${deadlineMs / 1000} s. The data source is slow; try again shortly.`,
        ),
      ),
    deadlineMs,
  );
  try {
    return await Promise.race([work, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
