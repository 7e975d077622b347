import { beforeAll, expect, it } from 'vitest';
import { advance } from '../../src/domain/trade/advance.ts';
import { closeByMember, fillCorrection } from '../../src/domain/trade/by-member.ts';
import { openTrade, type Step, type Trade } from '../../src/domain/trade.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { silent } from './backend.ts';
import { onEachBackend } from './backends.ts';
import { offered, toldOf } from './life.ts';

const MINUTE = 60_000;

onEachBackend((backend) => {
  let store: Store;
  beforeAll(async () => {
    store = createStore({ ...backend(), log: silent, deadlineMs: 60_000 });
    await store.system.members.ensure({ memberId: 'ann', name: 'ann' });
    await store.system.setups.record(offered('real'));
  });

  it('a life that the trade machine tells is kept as it was told, step by step, whoever writes it', async () => {
    const { plan } = offered('real').offer;
    const { decidedAt, symbol } = plan;
    const ann = store.as('ann').trades;
    const taken = openTrade(plan, { memberId: 'ann', shares: 8, fillPrice: 751.4, takenAt: decidedAt });
    const first = advance(taken, { kind: 'clock', at: taken.armedAt });
    let trade: Trade = first.trade;
    const told: Step[] = [...first.steps];
    expect(await ann.take({ trade, steps: first.steps, alerts: toldOf(trade, first.steps) })).toBe('taken');

    const move = async (after: { readonly trade: Trade; readonly steps: readonly Step[] }, asMember: boolean) => {
      const change = { trade: after.trade, fromSeq: trade.seq, steps: after.steps };
      const rows = toldOf(after.trade, after.steps);
      const isMoved = asMember ? await ann.apply(change, rows) : await store.system.trades.apply([change], rows);
      expect(isMoved).toBe(true);
      trade = after.trade;
      told.push(...after.steps);
      expect(await ann.get(trade.tradeId)).toEqual(trade);
    };
    const corrected = fillCorrection(trade, { price: 751.45, at: decidedAt + MINUTE });
    if (!corrected.ok) throw new Error(corrected.reason);
    await move(corrected, true);
    const bar = (openAt: number, from: number, to: number) => ({
      kind: 'bar' as const,
      bar: {
        symbol,
        timeframe: '1m' as const,
        openAt,
        open: from,
        high: Math.max(from, to),
        low: Math.min(from, to),
        close: to,
        volume: 1000,
      },
    });
    // The first target is reached on minutes that a member's own call may bring along as well.
    for (let openAt = decidedAt + MINUTE, price = 751.5; trade.targetsHit === 0 && price < 755; openAt += MINUTE) {
      const after = advance(trade, bar(openAt, price, price + 0.3));
      price += 0.3;
      if (after.steps.length > 0) await move(after, true);
      else trade = after.trade;
    }
    expect(told.map((s) => s.target)).toContain('T1');
    const closed = closeByMember(trade, { at: trade.last.closedAt + MINUTE, price: trade.last.price });
    if (!closed.ok) throw new Error(closed.reason);
    await move(closed, false);
    expect(await ann.steps(trade.tradeId)).toEqual(told);
    expect(trade.state).toBe('closed');
  });
});
