import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  age,
  change,
  dateText,
  discordTime,
  duration,
  fraction,
  money,
  newYorkClock,
  percent,
  price,
  rMultiple,
  share,
  size,
  volume,
  wholeMoney,
} from '../../src/cards/format.ts';
import { sparkline } from '../../src/cards/sparkline.ts';
import { atNewYork } from '../../src/domain/session.ts';

describe('numbers as a desk writes them', () => {
  it('groups thousands and keeps the cents', () => {
    expect([money(1234.56), money(-1234.5), price(2064.29), price(1_000_000)]).toEqual([
      '$1,234.56',
      '-$1,234.50',
      '2,064.29',
      '1,000,000.00',
    ]);
  });

  it('shows four decimals where cents do not say it all and never a negative zero', () => {
    expect([
      price(0.4),
      money(0.1),
      money(0.1234),
      price(0),
      change(-0.00001),
      percent(-0.04),
      rMultiple(-0.01),
      wholeMoney(-0.4),
    ]).toEqual(['0.4000', '$0.10', '$0.1234', '0.00', '+0.0000', '0.0 %', '+0.0 R', '$0']);
  });

  it('signs what moves and leaves shares of a whole bare', () => {
    expect([
      change(94.1 - 93.6),
      change(-1.25),
      percent(1.23),
      percent(-4.56),
      rMultiple(2),
      share(46.4),
      share(1, 1),
    ]).toEqual(['+0.50', '-1.25', '+1.2 %', '-4.6 %', '+2.0 R', '46 %', '1.0 %']);
  });

  it('shortens volumes and never writes 1000.0K', () => {
    expect([950, 9_999, 12_400, 999_949, 999_950, 1_200_000, 999_949_999, 3_100_000_000].map(volume)).toEqual([
      '950',
      '9,999',
      '12.4K',
      '999.9K',
      '1.0M',
      '1.2M',
      '999.9M',
      '3.1B',
    ]);
  });

  it('writes parts of a position as fractions', () => {
    expect([1, 0.5, 0.25, 0.125, 1 / 3, 0.44].map(fraction)).toEqual(['all', '1/2', '1/4', '1/8', '1/3', '44 %']);
    expect([size(1), size(1380), size(2, 'contract')]).toEqual(['1 share', '1,380 shares', '2 contracts']);
  });
});

describe('time', () => {
  it('tells an age in the unit that matters', () => {
    expect([-5, 40_000, 240_000, 7_500_000, 200_000_000].map(duration)).toEqual([
      '0 s',
      '40 s',
      '4 min',
      '2 h 05 min',
      '2 d',
    ]);
    expect(age(240_000)).toBe('4 min old');
  });

  it('reads New York time in winter and in summer', () => {
    expect(newYorkClock(Date.UTC(2015, 11, 23, 15, 32, 15))).toBe('10:32:15');
    expect(newYorkClock(Date.UTC(2014, 5, 6, 14, 32), false)).toBe('10:32');
    expect(dateText('2015-12-23', { weekday: true, year: true })).toBe('Wed 23 Dec 2015');
    expect(discordTime(atNewYork('2015-12-23', '16:00') + 999, 'R')).toBe('<t:1450904400:R>');
  });
});

describe('sparkline', () => {
  it('ends at the latest price and spans all eight blocks', () => {
    const line = sparkline(Array.from({ length: 100 }, (_, i) => i));
    expect(line).toHaveLength(26);
    expect(line.at(-1)).toBe('█');
    expect(line[0]).toBe('▁');
  });

  it('is empty without a path and level without a move', () => {
    expect([sparkline([]), sparkline([3]), sparkline([3, 3, Number.NaN])]).toEqual(['', '', '▄▄']);
  });

  it('draws any path within its width', () => {
    fc.assert(
      fc.property(fc.array(fc.double(), { maxLength: 400 }), fc.integer({ min: 2, max: 60 }), (values, width) => {
        const line = sparkline(values, width);
        expect(line.length).toBeLessThanOrEqual(width);
        expect(line).toMatch(/^[▁▂▃▄▅▆▇█]*$/);
      }),
    );
  });
});
