import { describe, expect, test } from 'vitest';
import { readEvent } from '../../../src/massive/stream/events.ts';
import { createTape } from '../../../src/services/tape.ts';
import { agreement } from './end-state.ts';
import { BEGINS_AT, EVENTS_PER_FRAME, eventsOf, framesOf, SYMBOL_COUNT, SYMBOLS } from './frames.ts';

const COUNT = 20_000;

/** The tape after these wire events, by the product's own reading. */
function tapeAfter(round: number, count: number) {
  const tape = createTape();
  for (const wire of eventsOf(round, count)) {
    const read = readEvent(wire, BEGINS_AT);
    if (read.kind === 'event') tape.apply([read.event]);
  }
  return tape;
}

describe('the market that the bench sends', () => {
  test('has 11,000 different symbols of three and four letters', () => {
    expect(new Set(SYMBOLS).size).toBe(SYMBOL_COUNT);
    expect(SYMBOLS.every((symbol) => /^[A-Z]{3,4}$/.test(symbol))).toBe(true);
  });

  test('is 70 % quotes, 25 % trades and 5 % bars, of about 116 bytes each', () => {
    const kinds = [...eventsOf(0, COUNT)].map((event) => event.ev);
    const pct = (...wanted: string[]): number => (kinds.filter((kind) => wanted.includes(kind)).length / COUNT) * 100;
    expect(pct('Q')).toBeCloseTo(70, -0.5);
    expect(pct('T')).toBeCloseTo(25, -0.5);
    expect(pct('A', 'AM')).toBeCloseTo(5, -0.5);
    const bytes = framesOf(0, COUNT / EVENTS_PER_FRAME).join('').length / COUNT;
    expect(bytes).toBeGreaterThan(110);
    expect(bytes).toBeLessThan(122);
  });

  test('is the same in every run, and another one in the next round', () => {
    expect(framesOf(3, 5)).toEqual(framesOf(3, 5));
    expect(framesOf(3, 5)).not.toEqual(framesOf(4, 5));
  });

  test('is taken by the product without a single dropped event', () => {
    const read = [...eventsOf(1, COUNT)].map((event) => readEvent(event, BEGINS_AT).kind);
    expect(new Set(read)).toEqual(new Set(['event']));
  });
});

describe('the comparison of the end state', () => {
  test('finds every symbol right after the product read the same events', () => {
    const { same, all } = agreement(tapeAfter(0, COUNT), 0, COUNT);
    expect(all).toBeGreaterThan(5_000);
    expect(same).toBe(all);
  });

  test('notices a tape that missed the last events', () => {
    const { same, all } = agreement(tapeAfter(0, COUNT - 500), 0, COUNT);
    expect(all - same).toBeGreaterThan(300);
  });
});
