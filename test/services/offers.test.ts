import { afterAll, describe, expect, it } from 'vitest';
import { AppError } from '../../src/kit/errors.ts';
import { createOffers } from '../../src/services/offers.ts';
import type { Offer } from '../../src/store/offers.ts';
import { createStore } from '../../src/store/store.ts';
import { silent, startHere } from '../store/backend.ts';
import { calendar, type Entry, MINUTE_MS, replay, scanSession } from './scan-world.ts';

const [day] = replay('2013-10-08').sessions;
if (!day) throw new Error('the replay has no session');
const { db } = await scanSession({ scenario: '2013-10-08', day });
const backend = await startHere();
const store = createStore({ ...backend, log: silent });
await store.system.members.ensure({ memberId: '100000000000000001', name: 'Ann' });
for (const entry of db.entries) await store.system.setups.record(entry);
const offers = db.entries.flatMap(({ offer }) => (offer ? [offer] : []));
const at = (now: number) => createOffers({ store, calendar, clock: { now: () => now } });
const desk = at(day.closesAt);
afterAll(() => backend.stop());

const ANN = '100000000000000001';

/** A desk whose database holds this in the offer's place. */
function deskWith(
  over: { readonly plan?: unknown; readonly inputs?: unknown },
  { plan, inputs, provenance } = first(),
) {
  const offer = { plan: over.plan ?? plan, memberId: null, provenance, createdAt: 0, isOver: false } as Offer;
  return createOffers({
    store: {
      as: () => ({ offers: { get: async () => offer } }),
      system: {
        offers: { inputsOf: async () => ('inputs' in over ? over.inputs : inputs) },
        setups: { since: async () => [] },
      },
    },
    calendar,
    clock: { now: () => day?.closesAt ?? 0 },
  });
}

function first(): NonNullable<Entry['offer']> {
  const [offer] = offers;
  if (!offer) throw new Error('nothing was offered');
  return offer;
}

type Json = Record<string, unknown>;
const copyOf = (value: unknown): Json => JSON.parse(JSON.stringify(value));

/** The same tree with one leaf changed, for each of its leaves of these kinds. */
function* spoiled(value: unknown, path: readonly (string | number)[] = []): Generator<[string, unknown]> {
  if (typeof value === 'number') yield [path.join('.'), value + 0.01];
  else if (typeof value === 'string') yield [path.join('.'), `${value}x`];
  else if (typeof value === 'boolean') yield [path.join('.'), !value];
  else if (Array.isArray(value)) {
    // the ends of a long list stand for all of it
    for (const index of new Set([0, value.length - 1])) {
      if (index < 0) continue;
      for (const [where, leaf] of spoiled(value[index], [...path, index])) yield [where, value.with(index, leaf)];
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      for (const [where, leaf] of spoiled(inner, [...path, key])) yield [where, { ...value, [key]: leaf }];
    }
  }
}

describe('a plan that was offered', () => {
  it('is built again from what the database kept, byte for byte', async () => {
    for (const { plan } of offers) {
      expect(await desk.verify(ANN, plan.planId)).toEqual({ plan, recomputedId: plan.planId, equal: true });
    }
    expect(offers).toHaveLength(20);
  });

  it('is not equal after any of its values was changed', async () => {
    const changes = [...spoiled(copyOf(first().plan))];
    for (const [where, plan] of changes) {
      const checked = await deskWith({ plan }).verify(ANN, first().plan.planId);
      expect([where, checked.equal]).toEqual([where, false]);
      expect(checked.problem).toMatch(/was changed|were changed|engine version/);
    }
    expect(changes.length).toBeGreaterThan(60);
  });

  it('is not equal after any of its inputs was changed, but for the moment it was asked for', async () => {
    const changes = [...spoiled(copyOf(first().inputs))];
    const unseen: string[] = [];
    for (const [where, inputs] of changes) {
      const { equal } = await deskWith({ inputs }).verify(ANN, first().plan.planId);
      if (equal) unseen.push(where);
    }
    // of the next session a plan takes nothing unless it is decided near the close
    expect(unseen).toEqual(['nextDay.on', 'nextDay.opensAt', 'nextDay.closesAt', 'nextDay.earlyClose', 'asOf']);
    expect(changes.length).toBeGreaterThan(60);
  });

  it('is said to be of another engine when it is', async () => {
    const plan = { ...first().plan, engineVersion: 1 };
    expect((await deskWith({ plan }).verify(ANN, plan.planId)).problem).toBe(
      'It was built by engine version 1, this bot has 3.',
    );
  });

  it('is not equal to inputs that are none, or give no plan', async () => {
    const bars5m: unknown[] = [];
    for (const inputs of [{}, [], 'inputs', { ...copyOf(first().inputs), bars5m }]) {
      const checked = await deskWith({ inputs }).verify(ANN, first().plan.planId);
      expect(checked).toMatchObject({
        equal: false,
        recomputedId: 'none',
        problem: expect.stringMatching(/^The kept inputs/),
      });
    }
  });

  it('of which no inputs were kept is said to be so, and not to be false', async () => {
    for (const inputs of [undefined, null]) {
      await expect(deskWith({ inputs }).verify(ANN, first().plan.planId)).rejects.toThrow(/were not kept/);
    }
  });

  it('is found by the beginning of its id, and one that nobody offered is not', async () => {
    const { plan } = first();
    expect((await desk.get(ANN, plan.planId.slice(0, 12))).plan).toEqual(plan);
    const refusal = await desk.get(ANN, 'ffffffffffff').catch((err: unknown) => err);
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code: 'not_found', message: expect.stringContaining('ffffffffffff') });
  });
});

describe('the setups of the session', () => {
  it('are told newest first, offered and refused ones alike', async () => {
    const setups = await desk.setups(500);
    expect(setups).toHaveLength(db.entries.length);
    const times = setups.map(({ detectedAt }) => detectedAt);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(new Set(setups.map(({ outcome }) => outcome))).toEqual(new Set(['offered', 'refused']));
    expect(await desk.setups(5)).toEqual(setups.slice(0, 5));
  });

  it('never hold one from later than now, also where a replay began again', async () => {
    const now = day.opensAt + 30 * MINUTE_MS;
    const setups = await at(now).setups(5);
    expect(setups).toHaveLength(5);
    for (const { detectedAt } of setups) expect(detectedAt).toBeLessThanOrEqual(now);
  });

  it('are those of the last session until the next one opens', async () => {
    const next = calendar.next(day.on);
    expect(await at(next.opensAt - MINUTE_MS).setups(500)).toHaveLength(db.entries.length);
    expect(await at(next.opensAt).setups(500)).toEqual([]);
  });
});
