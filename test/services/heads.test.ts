import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/kit/errors.ts';
import { createHeads } from '../../src/services/heads.ts';
import type { Offer } from '../../src/store/offers.ts';
import { createHandClock } from '../kit/hand-clock.ts';
import { OPEN_AT, offerOf, PLAN_ID, placed } from './alert-stage.ts';

const OTHER = 'b'.repeat(64);

function setHeads(list: readonly Offer[] = [offerOf(placed)]) {
  const time = createHandClock();
  const offers = new Map(list.map((offer) => [offer.plan.planId, offer]));
  const edits: string[] = [];
  const warned: string[] = [];
  const market = { says: 'armed', isAway: false, draws: 0 };
  const discord = { fails: undefined as Error | undefined };
  const heads = createHeads<string>({
    offers: {
      get: async (planId) => offers.get(planId),
      async open() {
        if (market.isAway) throw new Error('database away');
        return [...offers.values()].filter(({ isOver }) => !isOver);
      },
      since: async () => [...offers.values()],
    },
    async draw(planId) {
      market.draws += 1;
      if (market.says === '') throw new AppError('not_found', 'no bars');
      return `${planId.slice(0, 2)} ${market.says}`;
    },
    async edit(channelId, messageId, card) {
      if (discord.fails) throw discord.fails;
      edits.push(`${time.now() / 1000} s: ${channelId}/${messageId} ${card}`);
    },
    clock: { now: () => OPEN_AT },
    wall: { now: time.now, at: (at, fn) => time.setTimer(at - time.now(), fn) },
    log: { warn: (_detail: object | string, phrase?: string) => void warned.push(phrase ?? '') },
  });
  return { time, offers, edits, warned, market, discord, heads };
}

describe('head cards', () => {
  it('are all drawn once at the start, those that ended during a crash too', async () => {
    const { heads, edits, time } = setHeads([
      offerOf(placed),
      offerOf({ ...placed, messageId: 'ended', isOver: true }, OTHER),
      offerOf({ isOver: true }, 'c'.repeat(64)),
    ]);
    await heads.start();
    await time.advance(60_000);
    expect(edits.sort()).toEqual(['0 s: plans/ended bb armed', '0 s: plans/head 7f armed']);
    await heads.stop();
    expect(time.timers()).toBe(0);
  });

  it('follow a life at once, but a plan is edited once in ten seconds at most and ends with its last word', async () => {
    const { heads, edits, market, time } = setHeads();
    await heads.start();
    await time.advance(20_000);
    for (const says of ['triggered', 'T1', 'stopped']) {
      market.says = says;
      heads.changed(PLAN_ID);
      await time.advance(1_000);
    }
    await time.advance(60_000);
    expect(edits).toEqual(['0 s: plans/head 7f armed', '20 s: plans/head 7f triggered', '30 s: plans/head 7f stopped']);
    await heads.stop();
  });

  it('follow the price of their symbol alone, and are not edited to say the same again', async () => {
    const { heads, edits, market, time } = setHeads();
    await heads.start();
    for (let n = 0; n < 30; n++) {
      market.says = n < 12 ? 'at 94.02' : 'at 94.05';
      heads.moved('AAPL');
      heads.moved('KO');
      await time.advance(1_000);
    }
    expect(edits).toEqual(['0 s: plans/head 7f armed', '10 s: plans/head 7f at 94.02', '20 s: plans/head 7f at 94.05']);
    await heads.stop();
  });

  it('older than Discord lets one edit freely show prices every five minutes and their life still at once', async () => {
    const { heads, edits, market, time } = setHeads();
    await heads.start();
    await time.advance(51 * 60_000);
    for (let n = 0; n < 600; n++) {
      market.says = `at ${n}`;
      heads.moved('AAPL');
      await time.advance(1_000);
    }
    expect(edits.length).toBeLessThanOrEqual(4);
    const before = edits.length;
    await time.advance(10_000);
    market.says = 'stopped';
    heads.changed(PLAN_ID);
    await time.advance(10_000);
    expect(edits.slice(before)).toEqual([expect.stringContaining('stopped')]);
    await heads.stop();
  });

  it('of a plan that is over are drawn a last time and then left alone, until somebody takes it again', async () => {
    const { heads, edits, offers, market, time } = setHeads();
    await heads.start();
    await time.advance(10_000);
    offers.set(PLAN_ID, offerOf({ ...placed, isOver: true }));
    market.says = 'ended';
    heads.changed(PLAN_ID);
    await time.advance(10_000);
    market.says = 'at 95';
    heads.moved('AAPL');
    await time.advance(60_000);
    expect(edits.at(-1)).toContain('ended');
    offers.set(PLAN_ID, offerOf(placed));
    market.says = 'taken';
    heads.changed(PLAN_ID);
    await time.advance(10_000);
    expect(edits.at(-1)).toContain('taken');
    await heads.stop();
  });

  it('that stand nowhere yet are waited for', async () => {
    const { heads, edits, offers, warned, time } = setHeads([offerOf()]);
    await heads.start();
    await time.advance(120_000);
    expect(edits).toEqual([]);
    offers.set(PLAN_ID, offerOf(placed));
    heads.changed(PLAN_ID);
    await time.advance(1);
    expect(edits).toEqual(['120 s: plans/head 7f armed']);
    expect(warned).toEqual([]);
    await heads.stop();
  });

  it('whose message was deleted are forgotten', async () => {
    const { heads, discord, market, time } = setHeads();
    discord.fails = new AppError('not_found', '404');
    await heads.start();
    await time.advance(10_000);
    const { draws } = market;
    heads.moved('AAPL');
    await time.advance(600_000);
    expect(market.draws).toBe(draws);
    expect(time.timers()).toBe(0);
    await heads.stop();
  });

  it('catch up when Discord is back, and one that fails holds up no other', async () => {
    const { heads, edits, discord, market, time } = setHeads([
      offerOf(placed),
      offerOf({ ...placed, messageId: 'two' }, OTHER),
    ]);
    discord.fails = new AppError('unavailable', '502');
    await heads.start();
    await time.advance(20_000);
    expect(edits).toEqual([]);
    discord.fails = undefined;
    await time.advance(300_000);
    expect(edits).toHaveLength(2);
    // what the market's data refuse is no deleted message
    market.says = '';
    heads.changed(PLAN_ID);
    await time.advance(1_000);
    market.says = 'triggered';
    await time.advance(300_000);
    expect(edits.at(-1)).toContain('7f triggered');
    await heads.stop();
  });

  it('in a channel that refuses are tried every five minutes only', async () => {
    const { heads, discord, market, time } = setHeads();
    discord.fails = new AppError('unauthenticated', '403');
    await heads.start();
    for (let n = 0; n < 600; n++) {
      heads.moved('AAPL');
      await time.advance(1_000);
    }
    expect(market.draws).toBeLessThanOrEqual(3);
    await heads.stop();
  });

  it('are read as soon as the database answers', async () => {
    const { heads, edits, market, time } = setHeads();
    market.isAway = true;
    await heads.start();
    await time.advance(11_000);
    market.isAway = false;
    await time.advance(5_000);
    expect(edits).toEqual(['15 s: plans/head 7f armed']);
    await heads.stop();
    expect(time.timers()).toBe(0);
  });
});
