import { describe, expect, it } from 'vitest';
import { atNewYork } from '../../src/domain/session.ts';
import { openHouse, textOf } from './house.ts';

const TIMES = ['09:47', '10:12', '10:33', '11:08', '13:03', '15:03'];
const SYMBOLS = ['GOOG', 'AAPL', 'MSFT', 'JPM', 'XOM'];

/** Every plan of a morning as a member would ask for it, from an empty store; the texts hold ids, prices and sizes. */
async function liveOnce(): Promise<{ ids: string[]; cards: string[] }> {
  const house = await openHouse();
  const cards: string[] = [];
  try {
    for (const time of TIMES) {
      await house.runTo(atNewYork('2015-12-23', time));
      for (const symbol of SYMBOLS) {
        cards.push(`${time} ${textOf(await house.slash('plan build', [{ name: 'symbol', value: symbol }]))}`);
      }
    }
  } finally {
    await house.stop();
  }
  const ids = cards.flatMap((card) => /plan ([0-9a-f]{6})/.exec(card)?.[1] ?? []);
  return { ids, cards };
}

describe('the same session lived twice', () => {
  it('gives the same plans, id for id and word for word', { timeout: 180_000 }, async () => {
    const first = await liveOnce();
    const second = await liveOnce();
    expect(first.ids.length).toBeGreaterThan(5);
    expect(second).toEqual(first);
  });
});
