import { beforeAll, describe, expect, it } from 'vitest';
import { createStore, type Store } from '../../src/store/store.ts';
import { type Backend, silent } from './backend.ts';
import { onEachBackend } from './backends.ts';
import { samplePlan } from './plan.ts';

const MINUTE = 60_000;

onEachBackend((backend: () => Backend) => {
  let store: Store;
  beforeAll(async () => {
    store = createStore({ ...backend(), log: silent, deadlineMs: 60_000 });
    for (const memberId of ['ann', 'bob', 'cy'])
      await store.system.members.ensure({ memberId, name: `Trader ${memberId}` });
  });

  it('answers a ping once the schema is there', async () => {
    await expect(store.ping()).resolves.toBeUndefined();
  });

  describe('members', () => {
    it('keeps the name last seen, cut to 100 characters', async () => {
      await store.system.members.ensure({ memberId: 'dee', name: 'Dee' });
      await store.system.members.ensure({ memberId: 'dee', name: '😀'.repeat(300) });
      await store.system.members.ensure({ memberId: 'dee', name: '   ' });
      await expect(store.as('dee').watchlist.add('SPY')).resolves.toBe('added');
    });

    it('refuses to hold anything for a member nobody has met', async () => {
      await expect(store.as('stranger').watchlist.add('SPY')).rejects.toMatchObject({
        name: 'StoreError',
        kind: 'constraint',
        sqlState: '23503',
        operation: 'watchlist.add',
      });
    });
  });

  describe('watchlist', () => {
    it('says whether a symbol is new, and lists oldest first', async () => {
      const { watchlist } = store.as('ann');
      expect(await watchlist.add('SPY')).toBe('added');
      expect(await watchlist.add('I:VIX')).toBe('added');
      expect(await watchlist.add('SPY')).toBe('already');
      const list = await watchlist.list();
      expect(list.map((w) => w.symbol)).toEqual(['SPY', 'I:VIX']);
      expect(Math.abs((list[0]?.addedAt ?? 0) - Date.now())).toBeLessThan(MINUTE);
    });

    it('takes a symbol off once', async () => {
      const { watchlist } = store.as('ann');
      expect(await watchlist.remove('I:VIX')).toBe(true);
      expect(await watchlist.remove('I:VIX')).toBe(false);
    });

    it('is full at 50 symbols, and has room again after one goes', async () => {
      const { watchlist } = store.as('cy');
      const answers = await Promise.all(Array.from({ length: 55 }, (_, i) => watchlist.add(`S${i}`)));
      expect(answers.filter((a) => a === 'added')).toHaveLength(50);
      expect(answers.filter((a) => a === 'full')).toHaveLength(5);
      const held = await watchlist.list();
      expect(held).toHaveLength(50);
      expect(await watchlist.add(held[0]?.symbol ?? '')).toBe('already');
      await watchlist.remove(held[0]?.symbol ?? '');
      expect(await watchlist.add('LAST')).toBe('added');
    });

    it('is invisible to another member, and counts for the feed', async () => {
      expect(await store.as('bob').watchlist.list()).toEqual([]);
      expect(await store.as('bob').watchlist.remove('SPY')).toBe(false);
      expect(await store.as('bob').watchlist.add('SPY')).toBe('added');
      const symbols = await store.system.watchlists.allSymbols();
      expect(symbols.filter((s) => s === 'SPY')).toHaveLength(1);
      expect(symbols).toEqual([...symbols].sort());
    });
  });

  describe('risk', () => {
    it('is absent until set, then the last one stated', async () => {
      const { risk } = store.as('ann');
      expect(await risk.get()).toBeUndefined();
      await risk.set({ accountDollars: 25_000.55, riskPct: 0.75 });
      await risk.set({ accountDollars: 40_000, riskPct: 1 });
      expect(await risk.get()).toEqual({ accountDollars: 40_000, riskPct: 1 });
      expect(await store.as('bob').risk.get()).toBeUndefined();
    });

    it.each([
      [0, 1],
      [-5, 1],
      [1000, 0],
      [1000, 150],
    ])('refuses an account of $%d at %d %%', async (accountDollars, riskPct) => {
      await expect(store.as('ann').risk.set({ accountDollars, riskPct })).rejects.toMatchObject({
        kind: 'constraint',
        sqlState: '23514',
      });
    });
  });

  describe('plans', () => {
    it('gives back what was saved, byte for byte, and saves it once', async () => {
      const { plans } = store.as('ann');
      const plan = samplePlan('one');
      expect(await plans.save(plan)).toBe('saved');
      expect(await plans.save(plan)).toBe('already');
      expect(JSON.stringify(await plans.get(plan.planId))).toBe(JSON.stringify(plan));
      expect(await plans.get(plan.planId.slice(0, 8).toUpperCase())).toEqual(plan);
    });

    it('lists the newest first', async () => {
      const { plans } = store.as('ann');
      await plans.save(samplePlan('two'));
      await plans.save(samplePlan('three'));
      const ids = (await plans.list({ limit: 2 })).map((p) => p.planId);
      expect(ids).toEqual([samplePlan('three').planId, samplePlan('two').planId]);
    });

    it("finds nothing for an id that is too short, not hex, or another member's", async () => {
      const { planId } = samplePlan('one');
      for (const id of ['', 'abc', 'xyz!', '%', '****', `${planId}0`, 'ffff_fff']) {
        expect(await store.as('ann').plans.get(id)).toBeUndefined();
      }
      expect(await store.as('bob').plans.get(planId)).toBeUndefined();
      expect(await store.as('bob').plans.list()).toEqual([]);
    });

    it('lets two members hold the same plan', async () => {
      expect(await store.as('bob').plans.save(samplePlan('one'))).toBe('saved');
      expect(await store.as('bob').plans.list()).toHaveLength(1);
    });
  });

  describe('snapshots', () => {
    it('never lets an older time overwrite a newer one', async () => {
      const { snapshots } = store.system;
      expect(await snapshots.load('stocks/SPY')).toBeUndefined();
      expect(await snapshots.save('stocks/SPY', 1450883100123, { last: 205.1, note: 'ünïcode "x"' })).toBe(true);
      expect(await snapshots.save('stocks/SPY', 1450883100122, { last: 1 })).toBe(false);
      expect(await snapshots.load('stocks/SPY')).toEqual({
        asOf: 1450883100123,
        body: { last: 205.1, note: 'ünïcode "x"' },
      });
      expect(await snapshots.save('stocks/SPY', 1450883100124, [1, null])).toBe(true);
      expect((await snapshots.load('stocks/SPY'))?.body).toEqual([1, null]);
    });
  });
});
