import type { APIMessage } from 'discord-api-types/v10';
import type { PersonState } from '../../discord/person-api.ts';
import type { Pending } from './pending.ts';

/** What drawing a message needs to know of the page and may ask it to do. */
export interface Reader {
  readonly as: string;
  readonly state: PersonState | undefined;
  nameOf(userId: string): string | undefined;
  /** Real or market time, whichever `at` lives in. */
  now(at: number): number;
  openChannel(id: string): void;
  press(message: APIMessage, customId: string): void;
  select(message: APIMessage, customId: string, values: readonly string[]): void;
  dismiss(message: APIMessage): void;
  /** What this reader did to the message and still waits for, or what failed last. */
  pendingOn(messageId: string): Pending | undefined;
  /** Values chosen in a select since the message was last edited. */
  chosenIn(message: APIMessage, customId: string): readonly string[] | undefined;
  /** Puts a command into the composer. */
  startCommand(name: string): void;
}
