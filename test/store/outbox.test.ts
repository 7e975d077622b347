import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ClaimedAlert, OutgoingAlert } from '../../src/store/outbox.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { silent } from './backend.ts';
import { onEachBackend } from './backends.ts';

onEachBackend((backend) => {
  let store: Store;
  beforeAll(async () => {
    store = createStore({ ...backend(), log: silent, deadlineMs: 60_000 });
  });
  const alert = (alertId: string, stream = 'alerts', priority: OutgoingAlert['priority'] = 1): OutgoingAlert => ({
    alertId,
    kind: 'session',
    channel: stream,
    payload: { text: alertId },
    nonce: alertId.slice(0, 25),
    stream,
    priority,
  });
  const ids = (rows: readonly ClaimedAlert[]) => rows.map((row) => row.alertId);
  /** Takes everything off the way, for the next test to start from nothing. */
  const clear = async () => {
    for (let rows = await store.system.outbox.claim(100, 0); rows.length > 0; ) {
      for (const row of rows) await store.system.outbox.settle(row.alertId, 'cleared', row.attempts);
      rows = await store.system.outbox.claim(100, 0);
    }
  };

  it('takes the same alert once and hands it to one claimer until its lease ends', async () => {
    const { outbox } = store.system;
    expect(await outbox.enqueue(alert('open'))).toBe(true);
    expect(await outbox.enqueue({ ...alert('open'), payload: { text: 'other words' } })).toBe(false);
    expect(await outbox.depth()).toBe(1);
    const [first, ...rest] = await outbox.claim(10, 60);
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ ...alert('open'), attempts: 1 });
    expect(await outbox.claim(10, 60)).toEqual([]);
    expect(await outbox.settle('open', '123', 1)).toBe(true);
    expect(await outbox.settle('open', '456', 1)).toBe(false);
    expect(await outbox.fail('open', 'too late', { dead: true, fence: 1 })).toBe(false);
    expect(await outbox.enqueue(alert('open'))).toBe(false);
    expect(await outbox.depth()).toBe(0);
  });

  it('gives a failed alert again with its attempts counted, and a dead one never', async () => {
    const { outbox } = store.system;
    await outbox.enqueue(alert('close'));
    await outbox.claim(1, 60);
    expect(await outbox.fail('close', 'Discord said 502', { dead: false, fence: 1 })).toBe(true);
    expect((await outbox.claim(1, 60)).map((a) => [a.alertId, a.attempts])).toEqual([['close', 2]]);
    await outbox.fail('close', 'slow down', { dead: false, retryInSeconds: 60, fence: 2 });
    expect(await outbox.claim(1, 60)).toEqual([]);
    await outbox.fail('close', 'channel is gone', { dead: true, fence: 2 });
    expect(await outbox.claim(1, 60)).toEqual([]);
    expect(await outbox.settle('close', '1', 2)).toBe(false);
  });

  it('lets a stream wait for its first alert, and the next go when that is dead', async () => {
    const { outbox } = store.system;
    for (const id of ['one', 'two', 'three']) await outbox.enqueue(alert(id, 'plan:a'));
    await outbox.enqueue(alert('other', 'plan:b'));
    expect(ids(await outbox.claim(10, 60))).toEqual(['one', 'other']);
    expect(await outbox.claim(10, 60)).toEqual([]);
    await outbox.fail('one', 'later', { dead: false, retryInSeconds: 60, fence: 1 });
    await outbox.settle('other', '1', 1);
    expect(await outbox.claim(10, 60)).toEqual([]);
    await outbox.fail('one', 'never', { dead: true, fence: 1 });
    expect(ids(await outbox.claim(10, 60))).toEqual(['two']);
    await outbox.settle('two', '1', 1);
    expect(ids(await outbox.claim(10, 60))).toEqual(['three']);
    await outbox.settle('three', '1', 1);
  });

  it('gives whoever asks for what happens to trades nothing else', async () => {
    const { outbox } = store.system;
    await outbox.enqueue(alert('talk', 'ops', 1));
    expect(await outbox.claim(10, 60, 0)).toEqual([]);
    await outbox.enqueue(alert('hit', 'plan:q', 0));
    expect(ids(await outbox.claim(10, 60, 0))).toEqual(['hit']);
    expect(ids(await outbox.claim(10, 60, 1))).toEqual(['talk']);
    await outbox.settle('hit', '1', 1);
    await outbox.settle('talk', '1', 1);
  });

  it('sends what happens to a trade before 500 digests', async () => {
    const { outbox } = store.system;
    for (let i = 0; i < 500; i += 50) {
      const digests = Array.from({ length: 50 }, (_, n) => alert(`digest ${i + n}`, `digest:${(i + n) % 100}`, 2));
      await Promise.all(digests.map((digest) => outbox.enqueue(digest)));
    }
    await outbox.enqueue(alert('news', 'ops', 1));
    await outbox.enqueue(alert('stopped', 'plan:p', 0));
    expect(ids(await outbox.claim(2, 60))).toEqual(['stopped', 'news']);
    const rest = await outbox.claim(1000, 60);
    expect(rest).toHaveLength(100);
    expect(rest.map((row) => row.position)).toEqual(rest.map((row) => row.position).sort((a, b) => a - b));
    for (const row of rest) await outbox.settle(row.alertId, '1', row.attempts);
    await outbox.settle('stopped', '1', 1);
    await outbox.settle('news', '1', 1);
    await clear();
  });

  it('lists what was sent, newest first', async () => {
    const { outbox } = store.system;
    for (const id of ['sent 1', 'sent 2']) {
      await outbox.enqueue(alert(id));
      await outbox.claim(1, 60);
      await outbox.settle(id, '1', 1);
    }
    const sent = await outbox.sentSince(Date.now() - 3_600_000, 2);
    expect(sent.map((row) => [row.alertId, row.kind, row.payload])).toEqual([
      ['sent 2', 'session', { text: 'sent 2' }],
      ['sent 1', 'session', { text: 'sent 1' }],
    ]);
    expect(await outbox.sentSince(Date.now() + 3_600_000, 5)).toEqual([]);
  });

  it('refuses an alert without a stream of its own name, or with a priority that does not exist', async () => {
    const { outbox } = store.system;
    await expect(outbox.enqueue(alert('bad', ''))).rejects.toMatchObject({ kind: 'constraint' });
    const odd = { ...alert('bad'), priority: 3 as 2 };
    await expect(outbox.enqueue(odd)).rejects.toMatchObject({ kind: 'constraint' });
  });

  describe('two claimers whose leases may end', () => {
    const STREAMS = ['s0', 's1', 's2'];
    interface Row {
      readonly alertId: string;
      readonly stream: string;
      readonly priority: 0 | 1 | 2;
      attempts: number;
      state: 'free' | 'leased' | 'gone';
    }
    type Held = { readonly alertId: string; readonly fence: number };
    const who = fc.constantFrom(0, 1);
    const operation = fc.oneof(
      fc.record({
        kind: fc.constant('enqueue' as const),
        stream: fc.constantFrom(...STREAMS),
        priority: fc.constantFrom(0 as const, 1 as const, 2 as const),
      }),
      fc.record({ kind: fc.constant('claim' as const), who, n: fc.integer({ min: 1, max: 3 }), ends: fc.boolean() }),
      fc.record({ kind: fc.constant('settle' as const), who, pick: fc.nat(20) }),
      fc.record({ kind: fc.constant('fail' as const), who, pick: fc.nat(20), dead: fc.boolean(), wait: fc.boolean() }),
    );

    it('never take a stream out of its order, and never settle what another has claimed since', async () => {
      let round = 0;
      const seen = { claimed: 0, settled: 0, stale: 0 };
      await fc.assert(
        fc.asyncProperty(fc.array(operation, { minLength: 30, maxLength: 60 }), async (operations) => {
          await clear();
          const name = `round ${round++}`;
          const { outbox } = store.system;
          const rows: Row[] = [];
          const held: Held[][] = [[], []];
          for (const op of operations) {
            if (op.kind === 'enqueue') {
              const alertId = `${name} ${rows.length}`;
              await outbox.enqueue(alert(alertId, `${name} ${op.stream}`, op.priority));
              rows.push({ alertId, stream: op.stream, priority: op.priority, attempts: 0, state: 'free' });
            } else if (op.kind === 'claim') {
              const heads = STREAMS.map((stream) => rows.find((r) => r.stream === stream && r.state !== 'gone'));
              const due = heads
                .filter((head): head is Row => head?.state === 'free')
                .sort((a, b) => a.priority - b.priority || rows.indexOf(a) - rows.indexOf(b))
                .slice(0, op.n);
              const got = await outbox.claim(op.n, op.ends ? 0 : 600);
              for (const row of due) {
                row.attempts += 1;
                row.state = op.ends ? 'free' : 'leased';
              }
              expect(got.map((r) => [r.alertId, r.attempts])).toEqual(due.map((r) => [r.alertId, r.attempts]));
              held[op.who]?.push(...due.map((r) => ({ alertId: r.alertId, fence: r.attempts })));
              seen.claimed += due.length;
            } else {
              const mine = held[op.who] ?? [];
              const { alertId, fence } = mine[op.pick % Math.max(1, mine.length)] ?? {};
              if (alertId === undefined || fence === undefined) continue;
              const row = rows.find((r) => r.alertId === alertId);
              const valid = row?.attempts === fence && row.state !== 'gone';
              if (!valid) seen.stale += 1;
              if (op.kind === 'settle') {
                expect(await outbox.settle(alertId, '1', fence)).toBe(valid);
                if (row && valid) row.state = 'gone';
                seen.settled += valid ? 1 : 0;
              } else {
                const retryInSeconds = op.wait ? 600 : 0;
                expect(await outbox.fail(alertId, 'why', { dead: op.dead, retryInSeconds, fence })).toBe(valid);
                if (row && valid) row.state = op.dead ? 'gone' : op.wait ? 'leased' : 'free';
              }
            }
          }
          // What still has a lease would be found by `clear` of nobody.
          for (const row of rows) {
            if (row.state === 'leased') await outbox.fail(row.alertId, 'end', { dead: true, fence: row.attempts });
          }
        }),
        { numRuns: 60, seed: 20261121, endOnFailure: true },
      );
      expect(seen.claimed).toBeGreaterThan(200);
      expect(seen.settled).toBeGreaterThan(50);
      expect(seen.stale).toBeGreaterThan(50);
    }, 120_000);

    it('drain ten streams at once in order, each alert settled by one', async () => {
      await clear();
      const claimers = Array.from({ length: 8 }, () => createStore({ ...backend(), log: silent, deadlineMs: 60_000 }));
      const STREAMS_HERE = 10;
      const EACH = 12;
      for (let i = 0; i < STREAMS_HERE * EACH; i++) {
        await store.system.outbox.enqueue(alert(`drain ${i}`, `drain ${i % STREAMS_HERE}`, (i % 3) as 0 | 1 | 2));
      }
      const settled: string[] = [];
      /** Answers cross on their way: an alert whose settling has begun may be the reason that the next one is handed out. */
      const begun = new Set<string>();
      const early: string[] = [];
      const drain = async (claimer: Store, k: number) => {
        for (let empty = 0; empty < 25; ) {
          // Every third claim has ended before it is settled: others get the same alert.
          const rows = await claimer.system.outbox.claim(3, k % 3 === 0 ? 0 : 600);
          empty = rows.length === 0 ? empty + 1 : 0;
          for (const row of rows) {
            const n = Number(row.alertId.split(' ')[1]);
            if (n >= STREAMS_HERE && !begun.has(`drain ${n - STREAMS_HERE}`)) early.push(row.alertId);
            begun.add(row.alertId);
            if (await claimer.system.outbox.settle(row.alertId, String(k), row.attempts)) settled.push(row.alertId);
          }
          k += 1;
        }
      };
      await Promise.all(claimers.map(drain));
      expect(settled).toHaveLength(STREAMS_HERE * EACH);
      expect(new Set(settled).size).toBe(STREAMS_HERE * EACH);
      expect(early).toEqual([]);
    }, 120_000);
  });
});
