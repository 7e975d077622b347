import { afterEach, describe, expect, it } from 'vitest';
import { atNewYork } from '../../src/domain/session.ts';
import { type House, openHouse, textOf } from './house.ts';

let house: House | undefined;
afterEach(() => house?.stop());

describe('every replay opens on its own day', () => {
  it.each([
    ['2013-10-08', 'SPY', 'Sandbox replay of 8 Oct 2013'],
    ['2014-06-06', 'AAPL', 'Sandbox replay of 6 Jun 2014'],
  ] as const)('%s shows %s with real minutes', async (session, symbol, source) => {
    house = await openHouse({ env: { SANDBOX_SESSION: session } });
    await house.runTo(atNewYork(session, '10:01'));
    const option = [{ name: 'symbol', value: symbol }];
    const price = textOf(await house.slash('price', option));
    expect(price).toContain(`${source}`);
    expect(price).not.toContain('synthesised');
    expect(textOf(await house.slash('status'))).toContain('Market open');
    expect(textOf(await house.slash('plan build', option))).toMatch(/Stop|No plan for/);
    expect(textOf(await house.slash('breadth'))).toMatch(/advancing|nothing to count/);
  });

  it('2014-06-06 carries Apple through its seven-for-one split without a false move', async () => {
    house = await openHouse({ env: { SANDBOX_SESSION: '2014-06-06' } });
    house.control.jumpTo('next_close');
    await house.runTo(atNewYork('2014-06-06', '16:01'));
    house.control.jumpTo('next_open');
    await house.runTo(atNewYork('2014-06-09', '10:01'));
    const text = textOf(await house.slash('price', [{ name: 'symbol', value: 'AAPL' }]));
    const changePct = Number(/\(([+-]?[\d.]+) %\)/.exec(text)?.[1]);
    expect(Math.abs(changePct)).toBeLessThan(5);
    const levels = textOf(await house.slash('levels', [{ name: 'symbol', value: 'AAPL' }]));
    const previousClose = Number(/PDC\s+([\d.]+)/.exec(levels)?.[1]);
    expect(previousClose).toBeGreaterThan(90);
    expect(previousClose).toBeLessThan(95);
  });
});
