import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Arena, openArena } from './arena.ts';
import { isExact, type Line } from './line.ts';
import { deaths, randomKills } from './play.ts';
import { createProcesses, type Processes } from './processes.ts';

const SLOW = { timeout: 240_000 };
const SEED = 20_261_121;

let arena: Arena;
let processes: Processes;
beforeAll(async () => {
  arena = await openArena();
  processes = createProcesses();
});
afterAll(async () => {
  processes?.stop();
  await arena?.stop();
});

const exact = (line: Line): void => expect(line, line.wrong.join('\n')).toSatisfy(isExact);

describe('a bot that is killed without a word', () => {
  it.each([
    ['while Discord knows its nonces', 'open'],
    ['and comes back after Discord forgot them', 'expired'],
  ] as const)('24 times %s loses no alert, doubles none and keeps their order', SLOW, async (_when, window) => {
    const line = await randomKills(
      { arena, processes },
      { design: 'house', window, store: 'hosted', kills: 24, seed: SEED },
    );
    expect(line.kills).toBe(24);
    expect(line.alerts).toBeGreaterThan(50);
    exact(line);
  });

  it('4 times together with the database in its own process does neither', SLOW, async () => {
    const line = await randomKills(
      { arena, processes },
      { design: 'house', window: 'expired', store: 'embedded', kills: 4, seed: SEED },
    );
    expect(line.kills).toBe(4);
    exact(line);
  });

  it('before and after each of its first messages says each of them once', SLOW, async () => {
    const line = await deaths(
      { arena, processes },
      { design: 'house', window: 'expired', store: 'hosted', of: 'messages', first: 1, every: 1, last: 4 },
    );
    expect(line.kills).toBe(4);
    exact(line);
  });
});

describe('designs that are known to be wrong', () => {
  it.each([
    ['post first and mark afterwards: it is said twice', 'post, mark', 'open', 4, 'doubled'],
    ['mark first and post afterwards: it is never said', 'mark, post', 'open', 3, 'lost'],
    ['an outbox without a nonce: it is said twice', 'outbox, no nonce, no look', 'open', 4, 'doubled'],
    ['an outbox whose nonce is too old: it is said twice', 'outbox, nonce, no look', 'expired', 4, 'doubled'],
  ] as const)('%s', SLOW, async (_what, design, window, point, found) => {
    const on = { arena, processes };
    const line = await deaths(on, {
      design,
      window,
      store: 'hosted',
      of: 'messages',
      first: point,
      every: 1,
      last: point,
    });
    // one at least: several may be on their way when the process dies
    expect(line[found]).toBeGreaterThan(0);
    expect(line[found === 'lost' ? 'doubled' : 'lost']).toBe(0);
  });
});
