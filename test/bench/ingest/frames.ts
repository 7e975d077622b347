/** One event as it stands on the wire. */
export type WireEvent = Readonly<Record<string, string | number | readonly number[]>> & {
  readonly ev: 'Q' | 'T' | 'A' | 'AM';
  readonly sym: string;
};

export const SYMBOL_COUNT = 11_000;
export const EVENTS_PER_FRAME = 100;
/** Market time of the first event: 2024-06-05 11:00 New York. */
export const BEGINS_AT = Date.parse('2024-06-05T15:00:00Z');

const LETTERS = 26;
const MINUTE_MS = 60_000;
/** 200,000 events a second. */
const EVENTS_PER_MS = 200;

/** Names of three and four letters, all different. */
export const SYMBOLS: readonly string[] = Array.from({ length: SYMBOL_COUNT }, (_, index) => {
  const letters: string[] = [];
  for (let left = index * 7 + LETTERS ** 2; left > 0; left = Math.floor(left / LETTERS))
    letters.unshift(String.fromCharCode(65 + (left % LETTERS)));
  return letters.join('');
});

/** Same seed, same chances: xorshift32, from 0 up to 1. */
function chances(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** The events of one round: 70 % quotes, 25 % trades, 4 % second bars, 1 % minutes; each round goes on where the last ended. */
export function* eventsOf(round: number, count: number): Generator<WireEvent> {
  const chance = chances(round + 1);
  const whole = (below: number): number => Math.floor(chance() * below);
  const cents = (dollars: number): number => Math.round(dollars * 100) / 100;
  for (let index = 0; index < count; index += 1) {
    const at = BEGINS_AT + Math.floor((round * count + index) / EVENTS_PER_MS);
    const order = round * count + index;
    const which = whole(SYMBOL_COUNT);
    const sym = SYMBOLS[which] ?? 'AAA';
    const price = cents(5 + ((which * 37) % 400) + chance());
    const kind = chance();
    if (kind < 0.7) {
      const ap = cents(price + 0.01);
      const sides = { bx: 1 + whole(20), bp: price, bs: 1 + whole(9), ax: 1 + whole(20), ap, as: 1 + whole(9), c: 1 };
      yield { ev: 'Q', sym, ...sides, t: at, q: order, z: 3 };
    } else if (kind < 0.95) {
      const c = chance() < 0.5 ? [41] : [14, 41];
      yield { ev: 'T', sym, x: 1 + whole(20), i: String(order), z: 3, p: price, s: 1 + whole(300), c, t: at, q: order };
    } else {
      const [h, l] = [cents(price + 0.04), cents(price - 0.03)];
      const bar = {
        v: 100 + whole(9_000),
        av: 8_642_007,
        op: price,
        vw: price,
        o: price,
        c: price,
        h,
        l,
        a: price,
        z: 50,
      };
      const minuteAt = at - (at % MINUTE_MS) - MINUTE_MS;
      if (kind < 0.99) yield { ev: 'A', sym, ...bar, s: at - 1_000, e: at };
      else yield { ev: 'AM', sym, ...bar, s: minuteAt, e: minuteAt + MINUTE_MS };
    }
  }
}

/** The same as text frames of a hundred events. */
export function framesOf(round: number, frames: number): string[] {
  const texts: string[] = [];
  let events: WireEvent[] = [];
  for (const event of eventsOf(round, frames * EVENTS_PER_FRAME)) {
    events.push(event);
    if (events.length < EVENTS_PER_FRAME) continue;
    texts.push(JSON.stringify(events));
    events = [];
  }
  return texts;
}
