import { describe, expect, it } from 'vitest';
import { detectors } from '../../src/domain/detectors/all.ts';
import { barClosesBetween, scanAt } from '../../src/domain/scan.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { createSetupBook } from '../../src/services/setup-book.ts';
import { StoreError } from '../../src/store/errors.ts';
import { dayOn } from '../domain/ask.ts';
import { calendar, recording } from '../domain/market-data.ts';
import { calm, createSetupStore, type Entry } from './scan-world.ts';

const day = dayOn('2013-10-08');
const ibm = recording('IBM', '2013');
const judged = barClosesBetween(day, day.opensAt, day.closesAt)
  .flatMap((at) => scanAt({ ...ibm, calendar, day, at, now: at, detectors }))
  .slice(0, 6);
const planned = judged.find(({ result }) => result.ok);
if (!planned) throw new Error('IBM had no plan that day');

/** A book over a database in memory; `answer` says what becomes of a try to record. */
async function bookOver(
  answer: (entry: Entry, keep: () => Promise<boolean>) => Promise<boolean>,
  db = createSetupStore(),
) {
  const offered: string[] = [];
  const lines: string[] = [];
  const metrics = createMetrics();
  const waits: (() => void)[] = [];
  const say = (level: string) => (_: unknown, text?: string) => void lines.push(`${level} ${text}`);
  const book = createSetupBook({
    isWatched: () => false,
    store: {
      ...db.store,
      setups: { ...db.store.setups, record: (entry) => answer(entry, () => db.store.setups.record(entry)) },
    },
    provenance: ({ asOf }) => ({ asOf, source: 'Massive', timeliness: 'live' }),
    onOffer: (planId) => offered.push(planId),
    onRoom: () => {},
    clock: { now: () => day.closesAt },
    wall: {
      now: () => 0,
      at: (_, fn) => {
        waits.push(fn);
        return () => {};
      },
    },
    log: { warn: say('warn'), error: say('error') } as never,
    metrics,
  });
  await book.open(day);
  return {
    book,
    db,
    offered,
    lines,
    metrics,
    decide: () => {
      for (const setup of judged) book.decide(setup, ibm.minutes);
    },
    /** Lets this many waits between two tries pass. */
    async wait(times: number) {
      await calm();
      for (let time = 0; time < times; time += 1) {
        waits.shift()?.();
        await calm();
      }
    },
  };
}

const ids = ({ entries }: ReturnType<typeof createSetupStore>): string[] => entries.map(({ setup }) => setup.setupId);
const all = judged.map(({ setup }) => setup.setupId);

describe('the book of setups', () => {
  it('writes each once and in order, however often it is told of them', async () => {
    const { book, decide, db, wait } = await bookOver((_, keep) => keep());
    decide();
    decide();
    expect(book.waiting()).toBe(all.length);
    await wait(0);
    decide();
    await wait(0);
    expect(ids(db)).toEqual(all);
    expect(db.calls.record).toBe(all.length);
    const plans = book.offered().map(({ planId }) => planId);
    expect(new Set(plans).size).toBe(plans.length);
  });

  it('follows an offer whose record stands while its answer was lost', async () => {
    const { decide, db, offered, wait, metrics } = await bookOver(async (_, keep) => {
      if (await keep()) throw new Error('the answer was lost');
      return false;
    });
    decide();
    await wait(all.length);
    expect(ids(db)).toEqual(all);
    expect(offered).toEqual(db.entries.flatMap(({ offer }) => offer?.plan.planId ?? []));
    expect(offered.length).toBeGreaterThan(0);
    expect(await metrics.text()).not.toContain('outcome="known"');
  });

  it('leaves an offer alone that another process made, also after trouble with the one before', async () => {
    const db = createSetupStore();
    let failures = 2;
    const answer = async (entry: Entry, keep: () => Promise<boolean>): Promise<boolean> => {
      if (entry.setup.setupId === all[0]) {
        failures -= 1;
        if (failures >= 0) throw new Error('away');
        return keep();
      }
      return false;
    };
    const { decide, offered, wait, metrics } = await bookOver(answer, db);
    decide();
    await wait(2);
    expect(ids(db)).toEqual(all.slice(0, 1));
    expect(offered).toEqual(db.entries.flatMap(({ offer }) => offer?.plan.planId ?? []));
    expect(await metrics.text()).toContain(`setups_total{outcome="known"} ${all.length - 1}`);
  });

  it('gives up a record that the database refuses ten times for what it is, and goes on with the next', async () => {
    const refusal = new StoreError('setups.record', '23514', 'refused', { kind: 'constraint' });
    const { book, decide, db, lines, wait } = await bookOver(async (entry, keep) => {
      if (entry.setup.setupId === all[0]) throw refusal;
      return keep();
    });
    decide();
    await wait(9);
    expect(ids(db)).toEqual([]);
    await wait(1);
    expect(ids(db)).toEqual(all.slice(1));
    expect(book.waiting()).toBe(0);
    expect(lines).toEqual([
      'warn setup not recorded, tried again until it is',
      'error setup refused by the database and given up',
    ]);
  });

  it('never gives up while the database is away', async () => {
    let isAway = true;
    const away = new StoreError('setups.record', '', 'no answer', { kind: 'unreachable' });
    const { book, decide, db, wait } = await bookOver(async (_, keep) => {
      if (isAway) throw away;
      return keep();
    });
    decide();
    await wait(60);
    expect([ids(db), book.waiting()]).toEqual([[], all.length]);
    isAway = false;
    await wait(1);
    expect(ids(db)).toEqual(all);
  });

  it('remembers after a restart what was offered, and counts it', async () => {
    const { decide, db, wait, book } = await bookOver((_, keep) => keep());
    decide();
    await wait(0);
    const next = await bookOver((_, keep) => keep(), db);
    expect(
      next.book
        .offered()
        .map(({ planId }) => planId)
        .sort(),
    ).toEqual(
      book
        .offered()
        .map(({ planId }) => planId)
        .sort(),
    );
    expect(all.every((setupId) => next.book.knows(setupId))).toBe(true);
  });

  it('stops while it waits for the database', async () => {
    const { book, decide, wait } = await bookOver(async () => {
      throw new Error('away');
    });
    decide();
    await wait(1);
    await book.stop();
    expect(book.waiting()).toBe(all.length);
  });
});
