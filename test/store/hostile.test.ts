import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import type { Alert } from '../../src/domain/alert.ts';
import { ownPlanIdOf } from '../../src/domain/build-plan.ts';
import type { Kept } from '../../src/services/outgoing.ts';
import { toAlertRow } from '../../src/store/outbox-rows.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { keyFor, silent } from './backend.ts';
import { onEachBackend } from './backends.ts';
import { put } from './compare.ts';
import { offered, offerOf, rowOf, stepped, takenBy, takenOwn } from './life.ts';
import { ownPlan, samplePlan } from './plan.ts';

const anns = stepped(takenBy('ann', 'public'));
const shadow = stepped(offered('public').offer.shadow);
const { planId } = samplePlan('public');
const secret = ownPlan('ann', 'secret');

const open = {
  kind: 'session',
  transition: 'open',
  on: '2026-11-23',
  at: 1,
  opensAt: 1,
  closesAt: 2,
  earlyClose: false,
} as const;
const down = { kind: 'health', part: 'clock', state: 'down', since: 0, at: 0, reason: 'made up', works: 'no' } as const;
/** What the service and others have told, or will tell. */
const foreign = [
  rowOf(open),
  rowOf(down),
  rowOf({ ...down, planId }),
  offerOf(samplePlan('future'), null),
  offerOf(ownPlan('ann', 'future'), 'ann'),
  offerOf(secret, 'ann'),
  ...anns.alerts,
  ...shadow.alerts,
].map(toAlertRow);

/** What stands in the database in somebody else's name, and what breaks readers. */
const loot: readonly unknown[] = [
  ...['ann', 'bob', 'eve', null, '', 0, 1, -1, 1.5, '1', [], {}, true, 'x'.repeat(300), '%', '"', '\\u0000', 'closed'],
  ...[anns.change.trade, shadow.change.trade, anns.step, shadow.step, anns.alerts[0], [anns.step], [shadow.step]],
  ...[anns.step.stepId, shadow.step.stepId, anns.change.trade.tradeId, shadow.change.trade.tradeId],
  ...[
    planId,
    secret.planId,
    secret,
    samplePlan('future').planId,
    samplePlan('future'),
    ownPlan('ann', 'future').planId,
    ...foreign.flatMap((row) => [row.alert_id, row.payload, (row.payload as Kept).alert]),
    ['ann'],
    `plan:${planId}`,
    `plan:${secret.planId}`,
    'alerts',
    'offer',
    'step',
    2_147_483_648,
  ],
];

/** Every place in a JSON value. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy: Record<string, unknown> = structuredClone(value) as Record<string, unknown>;
  const inner = replaced(copy[key], rest, by);
  if (Array.isArray(value)) return Object.assign([...value], { [key]: inner });
  return { ...copy, [key]: inner };
}

/** Bob's sound calls about the plan of a seed. */
const sound = {
  take_plan: (seed: string) => {
    const entry = takenOwn('bob', seed);
    return { ...entry, alerts: entry.alerts.map(toAlertRow) };
  },
  transition_own: (seed: string) => {
    const { change, alerts } = stepped(takenBy('bob', seed));
    return { change: { trade: change.trade, from_seq: 0, steps: change.steps }, alerts: alerts.map(toAlertRow) };
  },
};
const [rowNames = {}] = foreign;
/** Every place of a sound call, those in its alerts as often as all others together. */
const placesOf = (name: keyof typeof sound) => {
  const places = placesIn(sound[name]('any')).slice(1);
  return [fc.constantFrom(...places), fc.constantFrom(...places.filter(([first]) => first === 'alerts'))];
};
/** Whole parts of other people's sound calls, which fit each other. */
const parts = [anns, shadow].map(({ change, alerts }) => [change.trade, change.steps, alerts.map(toAlertRow)] as const);
const swapped = fc.constantFrom('take_plan' as const, 'transition_own' as const).chain((name) => {
  const at =
    name === 'take_plan' ? [['trade'], ['steps'], ['alerts']] : [['change', 'trade'], ['change', 'steps'], ['alerts']];
  return fc
    .tuple(...at.map((path, n) => fc.tuple(fc.constant(path), fc.constantFrom<unknown>(...parts.map((p) => p[n]), []))))
    .chain((all) => fc.record({ name: fc.constant(name), changes: fc.subarray(all, { minLength: 1 }) }));
});
/** Some columns of a row that is somebody else's, in a row of bob's. */
const mixed = fc.record({
  name: fc.constantFrom('take_plan' as const, 'transition_own' as const),
  changes: fc
    .tuple(fc.constantFrom(...foreign), fc.subarray(Object.keys(rowNames), { minLength: 1 }))
    .map(([row, names]) =>
      names.map((name) => [['alerts', '0', name], (row as Record<string, unknown>)[name]] as const),
    ),
});
const tampered = fc.constantFrom('take_plan' as const, 'transition_own' as const).chain((name) =>
  fc.record({
    name: fc.constant(name),
    changes: fc.array(fc.tuple(fc.oneof(...placesOf(name)), fc.constantFrom(...loot)), {
      minLength: 1,
      maxLength: 3,
    }),
  }),
);

onEachBackend((backend) => {
  let store: Store;
  beforeAll(async () => {
    store = createStore({ ...backend(), log: silent, deadlineMs: 60_000 });
    for (const memberId of ['ann', 'bob']) await store.system.members.ensure({ memberId, name: memberId });
    await store.system.setups.record(offered('public'));
    await store.as('ann').trades.take({ trade: takenBy('ann', 'public'), steps: [], alerts: [] });
    await store.as('ann').trades.take(takenOwn('ann', 'secret'));
  });

  it('changes nothing of anybody else, whatever a member writes into a call', async () => {
    const ask = (path: string) => put(backend(), { method: 'GET', path, token: backend().serviceKey });
    const token = await keyFor(backend().jwtSecret, { role: 'authenticated', sub: 'bob' });
    const made = new Set<string>();
    const recorded = new Set<string>();
    /** All that is not of the plans which bob was tampering with, and those plans' shadows. */
    const standing = async () => {
      const rows = async (path: string) => ((await ask(path)).body as string[]).map((row) => JSON.parse(row));
      const [trades, steps, offers] = [await rows('trades'), await rows('trade_steps'), await rows('offers')];
      const bobs = new Set(trades.filter((t) => t.member_id === 'bob').map((t) => t.trade_id));
      return {
        trades: trades.filter((t) => !made.has(t.plan_id)),
        shadows: trades.filter((t) => t.member_id === null && t.seq > 0),
        steps: steps.filter((step) => !bobs.has(step.trade_id)),
        offers: offers.filter((offer) => !made.has(offer.plan_id)),
        told: (await rows('outbox')).filter((row) => !made.has(row.stream.replace('plan:', ''))),
      };
    };
    /** What bob did get in: his own plans, and the rows that the program would write of his own trades. */
    const bobsRows = async () => {
      const rows = async (path: string) => ((await ask(path)).body as string[]).map((row) => JSON.parse(row));
      const offers = (await rows('offers')).filter((offer) => offer.member_id === 'bob');
      const steps = new Set((await rows('trade_steps')).map((step) => step.step_id));
      const told = (await rows('outbox')).filter(
        (row) => made.has(row.stream.replace('plan:', '')) && !recorded.has(row.alert_id),
      );
      for (const { plan_id, plan } of offers) expect(plan_id).toBe(ownPlanIdOf(plan.sharedId, 'bob'));
      const owned = new Set(offers.map((offer) => offer.plan_id));
      for (const { alert_id, kind, channel, payload, nonce, stream, priority } of told) {
        const alert: Alert = payload?.alert ?? open;
        expect({ alert_id, kind, channel, nonce, stream, priority, payload }).toEqual({
          ...toAlertRow(rowOf(alert)),
          payload,
        });
        if (alert.kind === 'step') expect([steps.has(alert_id), alert.mentions]).toEqual([true, ['bob']]);
        else
          expect(alert).toMatchObject({
            kind: 'offer',
            memberId: 'bob',
            planId: expect.toSatisfy((id) => owned.has(id)),
          });
      }
      return told.length;
    };
    const before = await standing();
    let round = 0;
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(fc.oneof(tampered, swapped, mixed), async ({ name, changes }) => {
        const seed = `round ${round++}`;
        made.add(name === 'take_plan' ? ownPlan('bob', seed).planId : samplePlan(seed).planId);
        if (name === 'transition_own') {
          const entry = offered(seed);
          recorded.add(entry.offer.alert.alertId);
          await store.system.setups.record(entry);
          await store.as('bob').trades.take({ trade: takenBy('bob', seed), steps: [], alerts: [] });
        }
        const args = changes.reduce<unknown>((all, [path, by]) => {
          // A place that an earlier change took away is left alone.
          const stands = placesIn(all).some((place) => place.join('\0') === path.join('\0'));
          return stands ? replaced(all, path, by) : all;
        }, sound[name](seed));
        const seen = await put(backend(), { method: 'POST', path: `rpc/${name}`, body: JSON.stringify(args), token });
        expect(seen.status, JSON.stringify([seen, args])).toBeLessThan(500);
        statuses.set(seen.status, (statuses.get(seen.status) ?? 0) + 1);
      }),
      { numRuns: 400, seed: 20261121, endOnFailure: true },
    );
    expect(await standing()).toEqual(before);
    expect(await bobsRows()).toBeGreaterThan(10);
    expect(await store.system.outbox.enqueue(rowOf(open))).toBe(true);
    expect(await store.system.setups.record(offered('future'))).toBe(true);
    expect(await store.as('ann').trades.take(takenOwn('ann', 'future'))).toBe('taken');
    const future = (await ask('outbox')).body as string[];
    for (const { alert_id } of foreign.slice(3, 5)) expect(future.join()).toContain(alert_id);
    process.stdout.write(`${backend().name}: ${JSON.stringify([...statuses])}\n`);
    expect(statuses.get(403)).toBeGreaterThan(50);
  }, 120_000);
});
