import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { type Answer, type Asked, createAnswering } from '../../src/discord/answering.ts';
import { createProgress } from '../../src/discord/progress.ts';
import { AppError, type ErrorCode } from '../../src/kit/errors.ts';
import { createHandClock } from '../kit/hand-clock.ts';
import { answerCard, sourcesOf } from './talk.ts';

const fault = (code: ErrorCode) => new AppError(code, code);
const textOf = (card: Card | undefined): string =>
  (card?.blocks ?? []).map((block) => (block.kind === 'text' ? block.text : '')).join('\n');

/** A thread in memory; `fails` says what the next call meets. */
function thread() {
  const shown = new Map<string, Card>();
  const fails: (ErrorCode | undefined)[] = [];
  const calls: string[] = [];
  const nonces = new Map<string, string>();
  const meet = (call: string): void => {
    calls.push(call);
    const code = fails.shift();
    if (code) throw fault(code);
  };
  return {
    shown,
    fails,
    calls,
    posts: {
      async post(_thread: string, card: Card, { nonce }: { nonce: string }) {
        meet(`post ${card.title}`);
        const messageId = nonces.get(nonce) ?? String(shown.size + 1);
        nonces.set(nonce, messageId);
        shown.set(messageId, card);
        return { messageId };
      },
      async edit(_thread: string, messageId: string, card: Card) {
        meet(`edit ${card.title}`);
        if (!shown.has(messageId)) throw fault('not_found');
        shown.set(messageId, card);
      },
    },
  };
}

function house(answer: Answer) {
  const clock = createHandClock();
  const place = thread();
  const logged: string[] = [];
  const kept = new Map<string, Card>();
  const closing = Promise.withResolvers<void>();
  const at =
    (level: string) =>
    (_detail: object | string, phrase = ''): void => {
      logged.push(`${level} ${phrase}`);
    };
  const run = createAnswering({
    posts: place.posts,
    answer,
    keepSources: (messageId, card) => void kept.set(messageId, card),
    after: clock.setTimer,
    closing: closing.promise,
    log: { info: at('info'), warn: at('warn'), error: at('error') },
  });
  return { ...place, clock, logged, kept, run, closing };
}

const asked = (over: Partial<Asked> = {}): Asked => ({
  id: '900',
  threadId: '77',
  text: 'breadth?',
  caller: { memberId: '7', name: 'Ann', tier: 'free' },
  audience: async () => 'private',
  history: async () => [],
  ...over,
});

const said: Answer = async () => ({ card: answerCard('Breadth is **62 %**.'), sources: sourcesOf(1), more: [] });

describe('an answer', () => {
  it('stands where the line of progress stood, with its sources kept for that message', async () => {
    const { run, shown, calls, kept } = house(said);
    await run(asked());
    expect(calls).toEqual(['post Coach is reading', 'edit Coach']);
    expect([...shown]).toMatchObject([['1', { title: 'Coach', buttons: [{ label: 'Sources (1)' }] }]]);
    expect(kept.get('1')?.title).toBe('Sources (1)');
  });

  it('waits for the line of progress that is under way, so that it is never overtaken', async () => {
    const slow = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const { run, shown, clock, posts } = house(async (question) => {
      question.onProgress('Reading the price');
      await gate.promise;
      return said(question);
    });
    const edit = posts.edit;
    posts.edit = async (threadId, messageId, card) => {
      if (card.title !== 'Coach') await slow.promise;
      await edit(threadId, messageId, card);
    };
    const done = run(asked());
    await clock.advance(1_200);
    gate.resolve();
    await clock.advance(0);
    slow.resolve();
    await done;
    expect(shown.get('1')?.title).toBe('Coach');
  });

  it('comes as a new message when the line of progress is gone', async () => {
    const { run, shown, kept } = house(async (question) => {
      shown.delete('1');
      return said(question);
    });
    await run(asked());
    expect([...shown.values()].map(textOf)).toEqual(['Breadth is **62 %**.']);
    expect(kept.size).toBe(1);
  });

  it('comes although the line of progress could not be posted', async () => {
    const { run, shown, fails } = house(said);
    fails.push('unavailable');
    await run(asked());
    expect([...shown.values()].map(textOf)).toEqual(['Breadth is **62 %**.']);
  });

  it('is sent again until Discord takes it', async () => {
    const { run, shown, fails, clock } = house(said);
    fails.push(undefined, 'unavailable', 'unavailable', 'unavailable', 'unavailable');
    const done = run(asked());
    await clock.advance(15_000);
    await done;
    expect(textOf(shown.get('1'))).toBe('Breadth is **62 %**.');
  });

  it('is only logged when its thread was deleted under it', async () => {
    const { run, shown, logged, fails } = house(async (question) => {
      fails.push('not_found', 'not_found');
      return said(question);
    });
    await run(asked());
    expect(shown.get('1')?.title).toBe('Coach is reading');
    expect(logged).toEqual(['info the thread was gone before the answer']);
    const gone = house(said);
    gone.fails.push('not_found');
    await gone.run(asked());
    expect(gone.logged).toEqual(['info the thread was gone before the answer']);
  });

  it('that Discord refuses is replaced by a sentence', async () => {
    const { run, shown, fails, logged } = house(said);
    fails.push(undefined, 'internal');
    await run(asked());
    expect(textOf(shown.get('1'))).toContain('a fault of its own');
    expect(logged).toEqual(['error an answer could not be shown']);
  });

  it('that is too long for one message is split, and its end is not lost', async () => {
    const lines = Array.from({ length: 400 }, (_, i) => `Line ${i} of a long answer`);
    const { run, shown, kept } = house(async () => ({
      card: answerCard(lines.join('\n')),
      sources: sourcesOf(1),
      more: [],
    }));
    await run(asked());
    const cards = [...shown.values()];
    expect(cards.length).toBeGreaterThan(2);
    expect(cards.map(textOf).join('\n')).toBe(lines.join('\n'));
    expect(cards.map(({ buttons = [] }) => buttons.length)).toEqual(
      cards.map((_, i) => (i === cards.length - 1 ? 1 : 0)),
    );
    expect(kept.has(String(cards.length))).toBe(true);
  });

  it('that is one member’s alone never stands where others read along', async () => {
    const mine = answerCard('Your AAPL long.', { private: true });
    const { run, shown } = house(async () => ({ card: mine, more: [] }));
    await run(asked({ audience: async () => 'shared' }));
    expect(textOf(shown.get('1'))).toMatch(/yours alone/);
    const plan = house(async () => ({ card: answerCard('A plan.'), more: [mine] }));
    await plan.run(asked({ audience: async () => 'shared' }));
    expect([...plan.shown.values()].map(textOf).join()).not.toContain('AAPL');
  });

  it('that never comes is told within twenty seconds', async () => {
    const { run, shown, clock } = house(() => new Promise(() => undefined));
    const done = run(asked({ history: () => new Promise(() => undefined) }));
    await clock.advance(19_799);
    expect(shown.get('1')?.title).toBe('Coach is reading');
    await clock.advance(1);
    await done;
    expect(textOf(shown.get('1'))).toMatch(/No answer came in time/);
    expect(clock.timers()).toBe(0);
  });

  it('that fails with a surprise is told, without any detail of it', async () => {
    const { run, shown, logged } = house(async () => {
      throw new TypeError('secret detail');
    });
    await run(asked());
    expect(textOf(shown.get('1'))).toMatch(/a fault of its own/);
    expect(JSON.stringify([...shown.values()])).not.toContain('secret');
    expect(logged).toEqual(['error a question met a fault']);
  });

  it('says that it will not come when the house goes down', async () => {
    const { run, shown, closing } = house(() => new Promise(() => undefined));
    const done = run(asked());
    closing.resolve();
    await done;
    expect(textOf(shown.get('1'))).toMatch(/being restarted/);
  });

  it('is given without the memory when the thread cannot be read', async () => {
    let history: unknown;
    const { run, logged } = house(async (question) => {
      history = question.history;
      return said(question);
    });
    await run(asked({ history: () => Promise.reject(fault('unavailable')) }));
    expect(history).toEqual([]);
    expect(logged).toEqual(['warn the thread could not be read, the question stands alone']);
  });
});

describe('a line of progress', () => {
  it('is edited at most once in 1.2 s, and the newest line wins', async () => {
    const clock = createHandClock();
    const edits: string[] = [];
    const line = createProgress({
      edit: async (text) => void edits.push(`${clock.now()} ${text}`),
      after: clock.setTimer,
    });
    for (let ms = 0; ms < 5_000; ms += 100) {
      line.show(`at ${ms}`);
      await clock.advance(100);
    }
    expect(edits).toEqual(['1200 at 1100', '2400 at 2300', '3600 at 3500', '4800 at 4700']);
    line.show('at 4900');
    line.show('at 4900');
    await clock.advance(5_000);
    expect(edits.slice(4)).toEqual(['6000 at 4900']);
    await line.end();
    line.show('too late');
    await clock.advance(10_000);
    expect(edits).toHaveLength(5);
    expect(clock.timers()).toBe(0);
  });

  it('that is under way is waited for, so that it cannot overtake the answer', async () => {
    const clock = createHandClock();
    const slow = Promise.withResolvers<void>();
    const line = createProgress({ edit: () => slow.promise, after: clock.setTimer });
    line.show('reading');
    await clock.advance(1_200);
    let ended = false;
    const end = line.end().then(() => {
      ended = true;
    });
    await clock.advance(5_000);
    expect(ended).toBe(false);
    slow.reject(new Error('lost'));
    await end;
    expect(ended).toBe(true);
  });
});
