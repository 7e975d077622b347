import { describe, expect, it } from 'vitest';
import { atNewYork } from '../../src/domain/session.ts';
import { createTtlCache } from '../../src/kit/ttl-cache.ts';
import { createCached } from '../../src/massive/rest/answers.ts';
import { createHistory } from '../../src/services/history.ts';
import { calendar, recording } from '../domain/market-data.ts';
import { historyAt, recordedRest } from './recorded-history.ts';

const MINUTE_MS = 60_000;
const spy = recording('SPY', '2013');
const ten = atNewYork('2013-10-08', '10:05');

const lastOf = <T>(list: readonly T[]): T => {
  const last = list.at(-1);
  if (last === undefined) throw new Error('nothing there');
  return last;
};

describe('the minute that has just closed', () => {
  it('is known as soon as the provider has it', async () => {
    const view = await historyAt(spy, ten + 2_000).view('SPY');
    expect(view.asOf).toBe(ten);
    expect(lastOf(view.minutes).openAt).toBe(ten - MINUTE_MS);
  });

  it('is not taken for silent while the provider may still be writing it', async () => {
    const view = await historyAt(spy, ten + 2_000, { lagMs: MINUTE_MS }).view('SPY');
    expect(view.asOf).toBe(ten - MINUTE_MS);
    expect(view.answer.asOf).toBe(ten - MINUTE_MS);
  });

  it('is silent when the provider has had its time', async () => {
    const quiet = { ...spy, minutes: spy.minutes.filter((bar) => bar.openAt !== ten - MINUTE_MS) };
    expect((await historyAt(quiet, ten + 14_999).view('SPY')).asOf).toBe(ten - MINUTE_MS);
    expect((await historyAt(quiet, ten + 15_000).view('SPY')).asOf).toBe(ten);
  });

  it('is never missing from an answer that was kept since before it was there', async () => {
    let now = ten + 14_000;
    let lagMs = MINUTE_MS;
    const cached = createCached(createTtlCache({ now: () => now }));
    const rest = {
      bars: ((symbol, span, from, to, ask = {}) =>
        cached(`${span.multiplier} ${span.timespan} ${from} ${to}`, 5_000, ask, () =>
          recordedRest(spy, () => now, { lagMs }).bars(symbol, span, from, to),
        )) as ReturnType<typeof recordedRest>['bars'],
    };
    const history = createHistory({ rest, calendar, clock: { now: () => now, at: () => () => {} } });
    expect((await history.view('SPY')).asOf).toBe(ten - MINUTE_MS);
    now = ten + 16_000;
    lagMs = 0;
    const view = await history.view('SPY');
    expect([view.asOf, lastOf(view.minutes).openAt]).toEqual([ten, ten - MINUTE_MS]);
  });

  it('keeps a five-minute candle off the chart until its last minute must be in it', async () => {
    const last = async (now: number) => lastOf((await historyAt(spy, now).bars('SPY', '5m')).value).openAt;
    expect(await last(ten + 14_999)).toBe(ten - 10 * MINUTE_MS);
    expect(await last(ten + 15_000)).toBe(ten - 5 * MINUTE_MS);
  });

  it('leaves the session as it is until its last minute is known', async () => {
    const closesAt = atNewYork('2013-10-08', '16:00');
    expect((await historyAt(spy, closesAt + 5_000, { lagMs: MINUTE_MS }).view('SPY')).day.on).toBe('2013-10-08');
    expect((await historyAt(spy, closesAt + 15_000).view('SPY')).day.on).toBe('2013-10-09');
  });
});

describe('a delayed data plan', () => {
  const delayed = { delayed: true, lagMs: 15 * MINUTE_MS };

  it('knows the market up to a quarter of an hour ago, and calls it so', async () => {
    const view = await historyAt(spy, ten + 20_000, delayed).view('SPY');
    expect(view.asOf).toBe(ten - 15 * MINUTE_MS);
    expect(view.answer).toEqual({ asOf: ten - 15 * MINUTE_MS, delayed: true });
  });

  it('has no candle on the chart that was still open then', async () => {
    const { value } = await historyAt(spy, ten + 3 * MINUTE_MS + 20_000, delayed).bars('SPY', '5m');
    // 10:08 less 15 minutes is 9:53: the candle of 9:45 is the last whole one
    expect(lastOf(value).openAt).toBe(atNewYork('2013-10-08', '09:45'));
  });

  it('is in the session that its bars are in', async () => {
    const after = atNewYork('2013-10-08', '16:05');
    const view = await historyAt(spy, after, delayed).view('SPY');
    expect(view.day.on).toBe('2013-10-08');
    expect(lastOf(view.daily).openAt).toBe(atNewYork('2013-10-07', '00:00'));
  });
});
