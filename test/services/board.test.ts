import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/kit/errors.ts';
import { createBoardKeeper } from '../../src/services/board.ts';

/** A channel in memory, a clock in the test's hand, and a store that outlives the keeper. */
function channel() {
  const messages = new Map<string, string>();
  const kept = new Map<string, { asOf: number; body: unknown }>();
  const state = { now: 1_000_000, text: 'first', edits: 0, posts: 0 };
  const keeper = () =>
    createBoardKeeper({
      draw: async () => state.text,
      post: async (text) => {
        const messageId = String(++state.posts);
        messages.set(messageId, text);
        return { messageId };
      },
      edit: async (messageId, text) => {
        state.edits += 1;
        if (!messages.has(messageId)) throw new AppError('not_found', 'gone');
        messages.set(messageId, text);
      },
      remove: async (messageId) => void messages.delete(messageId),
      snapshots: {
        save: async (key, asOf, body) => {
          kept.set(key, { asOf, body });
          return true;
        },
        load: async (key) => kept.get(key),
      },
      wallNow: () => state.now,
      log: { warn: () => {} },
    });
  return { messages, state, keeper };
}

describe('the market board', () => {
  it('is one message that is edited when it changes, and left alone when it does not', async () => {
    const { messages, state, keeper } = channel();
    const refresh = keeper();
    await refresh();
    await refresh();
    state.text = 'second';
    await refresh();
    expect([...messages.values()]).toEqual(['second']);
    expect(state).toMatchObject({ posts: 1, edits: 1 });
  });

  it('is found again after a restart', async () => {
    const { messages, state, keeper } = channel();
    await keeper()();
    state.text = 'after the restart';
    await keeper()();
    expect([...messages]).toEqual([['1', 'after the restart']]);
  });

  it('comes back when somebody deleted it', async () => {
    const { messages, state, keeper } = channel();
    const refresh = keeper();
    await refresh();
    messages.clear();
    state.text = 'again';
    await refresh();
    expect([...messages.values()]).toEqual(['again']);
  });

  it('is renewed before the hour after which Discord limits edits, and the old one goes', async () => {
    const { messages, state, keeper } = channel();
    const refresh = keeper();
    await refresh();
    state.now += 51 * 60_000;
    await refresh();
    expect([...messages]).toEqual([['2', 'first']]);
  });
});
