import { describe, expect, it } from 'vitest';
import { createClockSkew } from '../../src/massive/clock-skew.ts';

const AT = Date.UTC(2026, 10, 20, 15, 0, 0);
const dated = (ms: number) => ({ date: new Date(AT + ms).toUTCString() });

function skewOf(headers: Record<string, string>, sentMs: number, receivedMs: number): number | undefined {
  const skew = createClockSkew();
  skew.note(headers, AT + sentMs, AT + receivedMs);
  return skew.ms();
}

describe('the clock beside the provider’s', () => {
  it.each([0, 1, 400, 999])('is right when the answer was written %d ms into its second', (ms) => {
    expect(skewOf(dated(0), ms, ms + 30)).toBe(0);
  });

  it('is not blamed for a slow answer', () => {
    expect(skewOf(dated(4_000), 0, 9_000)).toBe(0);
  });

  it('is ahead or behind by what nothing else explains', () => {
    expect(skewOf(dated(0), 4_500, 4_530)).toBe(3_500);
    expect(skewOf(dated(5_000), 0, 30)).toBe(-4_970);
  });

  it('is not judged by answers out of a cache, or without a time', () => {
    expect(skewOf({ ...dated(0), age: '20' }, 20_000, 20_030)).toBeUndefined();
    expect(skewOf({}, 0, 10)).toBeUndefined();
    expect(skewOf({ date: 'soon' }, 0, 10)).toBeUndefined();
  });
});
