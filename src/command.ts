import type { z } from 'zod';
import type { Card } from './cards/card.ts';
import type { Clock } from './kit/clock.ts';
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

/** A modal that opens instead of an answer when the slash command comes without options. */
export interface Form<I> {
  readonly title: string;
  readonly fields: readonly { readonly key: keyof I & string; readonly label: string; readonly placeholder: string }[];
  /** Current values to show in the fields. */
  prefill(ctx: Ctx): Promise<Partial<Record<keyof I & string, string>>>;
}

/** The whole truth about one thing that the bot can do; a face without a name does not exist for it. */
export interface CommandDefinition<I extends z.ZodObject = z.ZodObject, O extends z.ZodType = z.ZodType> {
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
  readonly effect: 'read' | 'write';
  /** Only for `effect: 'read'`: the model proposes, the member writes. */
  readonly tool?: string;
  readonly input: I;
  readonly output: O;
  /** 8 s unless said. */
  readonly deadlineMs?: number;
  readonly private?: boolean;
  readonly suggest?: Partial<Record<keyof z.infer<I> & string, (ctx: Ctx, text: string) => Promise<readonly Choice[]>>>;
  readonly form?: Form<z.infer<I>>;
  run(ctx: Ctx, input: z.infer<I>): Promise<z.infer<O>>;
  card(output: z.infer<O>): Card;
}
