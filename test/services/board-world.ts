import { AppError } from '../../src/kit/errors.ts';
import { type Board, createBoard } from '../../src/services/board.ts';
import { createHandClock } from '../kit/hand-clock.ts';

export const MINUTE_MS = 60_000;
export const NONCE_WINDOW_MS = 3 * MINUTE_MS;
/** Discord or the database answers with a failure of its own. */
export const fails = (): never => {
  throw new AppError('unavailable', '502');
};

/** A channel, a database and real time that outlive the process which keeps the board. */
export function world() {
  const time = createHandClock(1_000_000);
  const messages = new Map<string, string>();
  const nonces = new Map<string, { id: string; at: number }>();
  const kept = new Map<string, { asOf: number; body: unknown }>();
  const boards: Board[] = [];
  const state = { text: 'first', edits: 0, posts: 0, calls: 0, warned: 0, isBlind: false };
  /** Called before the step of that name; what it throws is the step's failure. */
  const before: Record<'draw' | 'post' | 'posted' | 'edit' | 'remove' | 'save', (nonce?: string) => unknown> = {
    draw: () => {},
    post: () => {},
    posted: () => {},
    edit: () => {},
    remove: () => {},
    save: () => {},
  };
  let process = 0;
  const start = async (): Promise<void> => {
    const own = ++process;
    const pass = (step: keyof typeof before, nonce?: string): unknown =>
      own === process ? before[step](nonce) : new Promise(() => {});
    const board = createBoard({
      draw: async () => {
        await pass('draw');
        return state.text;
      },
      post: async (text, nonce) => {
        state.calls += 1;
        await pass('post', nonce);
        const earlier = nonces.get(nonce);
        const known = earlier && messages.has(earlier.id) && time.now() - earlier.at < NONCE_WINDOW_MS;
        const messageId = known ? earlier.id : String(++state.posts);
        if (!known) {
          messages.set(messageId, text);
          nonces.set(nonce, { id: messageId, at: time.now() });
        }
        await pass('posted');
        return { messageId };
      },
      edit: async (messageId, text) => {
        state.edits += 1;
        state.calls += 1;
        await pass('edit');
        if (!messages.has(messageId)) throw new AppError('not_found', 'gone');
        messages.set(messageId, text);
      },
      remove: async (messageId) => {
        await pass('remove');
        messages.delete(messageId);
      },
      find: async () => (state.isBlind ? undefined : [...messages.keys()].at(-1)),
      snapshots: {
        save: async (key, asOf, body) => {
          await pass('save');
          kept.set(key, { asOf, body });
          return true;
        },
        load: async (key) => kept.get(key),
      },
      wall: { now: time.now, at: (at, fn) => time.setTimer(at - time.now(), fn) },
      log: {
        warn: () => {
          state.warned += 1;
        },
      },
    });
    boards.push(board);
    await board.start();
    await time.advance(0);
  };
  const stop = async (): Promise<void> => {
    for (const board of boards.splice(0)) await board.stop();
  };
  /** The process is gone wherever it is: nothing more of it happens, and nothing is tidied up. */
  const kill = (): void => {
    process += 1;
    boards.length = 0;
  };
  const heal = (): void => {
    for (const step of Object.keys(before) as (keyof typeof before)[]) before[step] = () => {};
  };
  return { time, messages, kept, state, before, start, stop, kill, heal };
}
