import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRICE_UNIT } from '../../../src/sandbox/massive/fixture.ts';
import type { MinutePath } from '../../../src/sandbox/massive/minute-path.ts';
import { newYorkMidnight } from '../../../src/sandbox/massive/new-york-time.ts';
import { screenAt } from '../../../src/sandbox/massive/screen.ts';
import { priceAtSecond } from '../../../src/sandbox/massive/second-path.ts';
import { minuteEvent, quoteEvent, secondEvent, tradeEvent } from '../../../src/sandbox/massive/stream/events.ts';
import { type HeldMassive, replay, startHeld } from './held-market.ts';

const SCENARIO = '2015-12-23';
const FIRST = newYorkMidnight('2015-12-23');
const LAST = newYorkMidnight('2015-12-29');
const STOCKS = '/v2/snapshot/locale/us/markets/stocks';

let massive: HeldMassive;
beforeAll(async () => {
  massive = await startHeld(SCENARIO, FIRST);
});
afterAll(() => massive.stop());

const moment = fc.integer({ min: FIRST, max: LAST });
const symbol = fc.constantFrom('GOOG', 'AAPL', 'SPY', 'XOM', 'I:SPX', 'I:VIX');

/** Every time in an answer as epoch milliseconds; `t`, `updated` and their like in ms or ns. */
function timesIn(value: unknown, key = ''): number[] {
  if (Array.isArray(value)) return value.flatMap((item) => timesIn(item, key));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, member]) => timesIn(member, name));
  }
  if (typeof value === 'string') return /^published_utc$|^serverTime$/.test(key) ? [Date.parse(value)] : [];
  if (typeof value !== 'number' || !/^(t|y|updated|last_updated|sip_timestamp)$/.test(key)) return [];
  return [value > 1e17 ? value / 1e6 : value];
}

describe('an answer at a market moment', () => {
  it('never carries a time after it, whatever is asked', async () => {
    const paths = (one: string): string[] => [
      `/v2/aggs/ticker/${one}/range/1/minute/2015-12-20/2016-01-05?limit=50000`,
      `/v2/aggs/ticker/${one}/range/15/minute/2015-12-20/2016-01-05?sort=desc`,
      `/v2/aggs/ticker/${one}/range/1/day/2015-12-01/2016-01-05`,
      `/v3/snapshot?ticker.any_of=${one}`,
      '/v1/marketstatus/now',
      '/v2/reference/news?limit=1000',
      '/v3/snapshot/options/GOOG?limit=250',
      ...(one.startsWith('I:') ? [] : [`${STOCKS}/tickers/${one}`, `/v2/last/trade/${one}`, `/v2/last/nbbo/${one}`]),
    ];
    let looked = 0;
    await fc.assert(
      fc.asyncProperty(moment, symbol, async (at, one) => {
        massive.moveTo(at);
        for (const path of paths(one)) {
          const { body } = await massive.get(path);
          const times = timesIn(body);
          looked += times.length;
          // nanoseconds lose up to 256 of themselves in JSON
          expect(Math.max(0, ...times), path).toBeLessThanOrEqual(at + 1);
        }
      }),
      { numRuns: 25 },
    );
    expect(looked).toBeGreaterThan(1_000);
  });

  it('is the same as in a market that ends right there: later minutes change nothing', () => {
    const market = replay(SCENARIO);
    fc.assert(
      fc.property(
        fc.constantFrom('2015-12-23', '2015-12-24', '2015-12-28'),
        fc.integer({ min: 0, max: 57_599 }),
        symbol,
        (on, second, one) => {
          const path = market.paths.of(one, on);
          if (path === undefined) throw new Error(`${one} has no path`);
          const whole = clone(path);
          const cut = clone(path);
          const columns = [cut.open, cut.high, cut.low, cut.close, cut.volume];
          for (const column of columns) column.fill(7_777, Math.floor(second / 60) + 1);
          const regularEnd = on === '2015-12-24' ? 540 : 720;
          const [before, after] = [whole, cut].map((one) => JSON.stringify(screenAt(one, second, regularEnd)));
          expect(after).toBe(before);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('shows no high, low or volume that a watcher of every second has not seen', () => {
    const path = replay(SCENARIO).paths.of('XOM', '2015-12-23');
    if (path === undefined) throw new Error('XOM has no path');
    fc.assert(
      fc.property(fc.integer({ min: 330 * 60, max: 720 * 60 - 1 }), (second) => {
        let [high, low, volume] = [0, Number.POSITIVE_INFINITY, 0];
        for (let at = 330 * 60; at <= second; at += 1) {
          const price = priceAtSecond(path, Math.floor(at / 60), at % 60) / PRICE_UNIT;
          high = Math.max(high, price);
          low = Math.min(low, price);
        }
        for (let minute = 330; minute <= Math.floor(second / 60); minute += 1) volume += path.volume[minute] ?? 0;
        const { day } = screenAt(clone(path), second, 720);
        expect([day?.high, day?.low]).toEqual([high, low]);
        expect(day?.volume).toBeLessThanOrEqual(volume);
        if (second % 60 < 50) expect(day?.volume).toBeLessThan(volume);
      }),
      { numRuns: 60 },
    );
  });

  it('has a minute bar only once the minute is over', async () => {
    const tenOClock = newYorkMidnight('2015-12-23') + 10 * 3_600_000;
    massive.moveTo(tenOClock + 59_999);
    const range = '/v2/aggs/ticker/GOOG/range/1/minute/2015-12-23/2015-12-23?sort=desc&limit=1';
    expect((await massive.get(range)).body.results[0].t).toBe(tenOClock - 60_000);
    massive.moveTo(tenOClock + 60_000);
    expect((await massive.get(range)).body.results[0].t).toBe(tenOClock);
  });

  it('holds no day bar of a day that has not opened and no chain that was not yet recorded', async () => {
    massive.moveTo(newYorkMidnight('2015-12-24') + 9 * 3_600_000);
    const days = await massive.get('/v2/aggs/ticker/AAPL/range/1/day/2015-12-22/2015-12-28');
    expect(days.body.resultsCount).toBe(2);
    expect((await massive.get('/v3/snapshot/options/GOOG')).body.results).toEqual([]);
    expect((await massive.get('/v1/open-close/GOOG/2015-12-24')).status).toBe(404);
  });
});

describe('stream events', () => {
  it('speak of the second or minute that has ended, never of a later one', () => {
    const market = replay(SCENARIO);
    fc.assert(
      fc.property(moment, symbol, (at, one) => {
        const endsAt = Math.floor(at / 60_000) * 60_000;
        for (const make of [minuteEvent, secondEvent, tradeEvent, quoteEvent]) {
          const event: Record<string, unknown> = { ...make(market, one, endsAt) };
          for (const key of ['t', 's', 'e']) {
            if (key === 's' && event.ev === 'T') continue;
            if (typeof event[key] === 'number') expect(event[key]).toBeLessThanOrEqual(endsAt);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

function clone(path: MinutePath): MinutePath {
  const { open, high, low, close, volume } = path;
  return { open: open.slice(), high: high.slice(), low: low.slice(), close: close.slice(), volume: volume.slice() };
}
