import { type Backend, keyFor } from './backend.ts';
import type { Trial } from './compare.ts';
import { offered, provenance, stepped, takenBy, takenOwn } from './life.ts';
import { ownPlan, samplePlan } from './plan.ts';

const now = () => Math.floor(Date.now() / 1000);
export const member = (sub: string) => ({ role: 'authenticated', sub, exp: now() + 300 });
export const plan = ownPlan('ann', 'ann');
export const { trade } = takenOwn('ann', 'ann');
export const { setup } = offered('ann');

export function offerRow(seed: string) {
  const { planId, symbol, direction } = samplePlan(seed);
  return {
    plan_id: planId,
    member_id: 'ann',
    symbol,
    direction,
    decided_at: '2026-01-01T00:00:00Z',
    expires_at: '2026-01-02T00:00:00Z',
    plan: samplePlan(seed),
    inputs: {},
    provenance,
  };
}
function tradeRow(seed: string) {
  const body = takenBy('ann', seed);
  return { trade_id: body.tradeId, plan_id: body.planId, member_id: 'ann', state: body.state, seq: 0, body };
}
function stepRow(seq: number) {
  const { step } = stepped({ ...trade, seq });
  const at = '2026-01-01T00:00:00Z';
  return { step_id: step.stepId, trade_id: step.tradeId, seq, kind: step.kind, at, body: step };
}
export const setupRow = {
  setup_id: 'eve',
  symbol: 'EVE',
  detector: 'orb',
  title: 'opening-range breakout',
  direction: 'long',
  timeframe: '5m',
  detected_at: '2026-01-01T00:00:00Z',
  outcome: 'refused',
  refusal: { code: 'too_wide', reason: 'why' },
};

/** Who asks, and how they would have to be answered. */
export const askers: Record<string, (backend: Backend) => Promise<string | undefined>> = {
  owner: (b) => keyFor(b.jwtSecret, member('ann')),
  other: (b) => keyFor(b.jwtSecret, member('bob')),
  'a token without a member': (b) => keyFor(b.jwtSecret, { role: 'authenticated' }),
  'no token': async () => undefined,
  'the anon key': async (b) => b.anonKey,
  'an expired token': (b) => keyFor(b.jwtSecret, { ...member('ann'), exp: now() - 120 }),
  'a token of another key': () => keyFor('another secret of thirty-two bytes!', member('ann')),
  service: async (b) => b.serviceKey,
};

/** The row of ann in each table, a change to it, and a new row in her name. */
export const tables = {
  members: { key: 'member_id=eq.ann', change: { name: 'Eve' }, fresh: { member_id: 'eve', name: 'Eve' } },
  watchlists: {
    key: 'member_id=eq.ann&symbol=eq.SPY',
    change: { symbol: 'QQQ' },
    fresh: { member_id: 'ann', symbol: 'EVE' },
  },
  risk_profiles: {
    key: 'member_id=eq.ann',
    change: { risk_pct: 2 },
    fresh: { member_id: 'ann', account_dollars: 1, risk_pct: 1 },
  },
  plans: {
    key: `member_id=eq.ann&plan_id=eq.${plan.planId}`,
    change: { symbol: 'EVE' },
    fresh: {
      member_id: 'ann',
      plan_id: samplePlan('eve').planId,
      symbol: 'EVE',
      direction: 'long',
      decided_at: '2026-01-01T00:00:00Z',
      expires_at: '2026-01-02T00:00:00Z',
      body: samplePlan('eve'),
    },
  },
  snapshots: {
    key: 'key=eq.k',
    change: { body: 1 },
    fresh: { key: 'eve', as_of: '2026-01-01T00:00:00Z', body: {} },
  },
  outbox: {
    key: 'alert_id=eq.a',
    change: { kind: 'eve' },
    fresh: { alert_id: 'eve', kind: 'k', channel: 'c', payload: {}, nonce: 'n', stream: 'c' },
  },
  offers: { key: `plan_id=eq.${plan.planId}`, change: { symbol: 'EVE' }, fresh: offerRow('fresh') },
  trades: {
    key: `trade_id=eq.${trade.tradeId}`,
    change: { updated_at: '2026-01-01T00:00:00Z' },
    fresh: tradeRow('untaken'),
  },
  trade_steps: { key: `trade_id=eq.${trade.tradeId}&seq=eq.0`, change: { kind: 'eve' }, fresh: stepRow(1) },
  setups: { key: `setup_id=eq.${encodeURIComponent(setup.setupId)}`, change: { title: 'eve' }, fresh: setupRow },
} as const;
/** Where a member may not read every column. */
const READABLE: Partial<Record<Table, string>> = { offers: 'plan_id,member_id,plan,provenance,is_over' };

export type Table = keyof typeof tables;
export const verbs = ['read', 'insert', 'merge', 'update', 'delete'] as const;
export type Verb = (typeof verbs)[number];

/** What a member may do to their own row; `nobody` but the service to anything else. */
const OWN: Record<Table, readonly Verb[]> = {
  members: ['read'],
  watchlists: ['read', 'insert', 'delete'],
  // Merging repeats the columns of the row itself, which an owner may set.
  risk_profiles: ['read', 'insert', 'merge', 'update', 'delete'],
  plans: ['read', 'insert'],
  snapshots: [],
  outbox: [],
  offers: ['read'],
  trades: ['read'],
  trade_steps: ['read'],
  setups: [],
};
/** What the service may not do: what was found, planned and done never changes, and a trade goes only with its member. */
const NOT_SERVICE: Partial<Record<Table, readonly Verb[]>> = {
  plans: ['merge', 'update'],
  trades: ['delete'],
  trade_steps: ['merge', 'update', 'delete'],
  setups: ['merge', 'update'],
};

const representation = { prefer: 'return=representation' };
export function trial(table: Table, verb: Verb): Trial {
  const { key, change, fresh } = tables[table];
  const columns = Object.keys(fresh).join(',');
  switch (verb) {
    case 'read':
      return { method: 'GET', path: `${table}?${key}&select=${READABLE[table] ?? '*'}` };
    case 'insert':
      return { method: 'POST', path: table, body: JSON.stringify(fresh) };
    case 'merge':
      return {
        method: 'POST',
        path: `${table}?select=${columns}`,
        body: JSON.stringify(fresh),
        headers: { prefer: 'return=representation,resolution=merge-duplicates' },
      };
    case 'update':
      return { method: 'PATCH', path: `${table}?${key}`, body: JSON.stringify(change), headers: representation };
    case 'delete':
      return { method: 'DELETE', path: `${table}?${key}`, headers: representation };
  }
}

export function allowed(asker: string, table: Table, verb: Verb): boolean {
  if (asker === 'service') return !NOT_SERVICE[table]?.includes(verb);
  return asker === 'owner' && OWN[table].includes(verb);
}
