import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../src/massive/stream/events.ts';
import { readFrame } from '../../../src/massive/stream/frame.ts';
import { NOW } from '../bench.ts';

const FIELDS = [
  'ev',
  'sym',
  'T',
  'p',
  's',
  'x',
  'c',
  't',
  'bp',
  'ap',
  'bs',
  'as',
  'o',
  'h',
  'l',
  'v',
  'vw',
  'val',
  'e',
  'status',
  'message',
  '__proto__',
  'constructor',
  'toString',
];
const EVENTS = ['T', 'Q', 'A', 'AM', 'V', 'LULD', 'NOI', 'FMV', 'status', '__proto__', ''];
const numbers = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, -1, 1e12, 1e-320, NOW, NOW * 1e6, Number.MAX_VALUE),
);
const values = fc.oneof(
  numbers,
  fc.string(),
  fc.constantFrom(null, true, 'SPY', 'I:SPX', ...EVENTS),
  fc.array(numbers, { maxLength: 3 }),
);
const broken = fc
  .tuple(
    fc.constantFrom(...EVENTS),
    fc.dictionary(fc.constantFrom(...FIELDS), values, { maxKeys: 14, noNullPrototype: true }),
  )
  .map(([ev, fields]) => ({ ...fields, ev }));
const price = fc.double({ min: 0.01, max: 1e5, noNaN: true });
const good = fc
  .record({ ev: fc.constantFrom('T', 'Q', 'A', 'AM', 'V'), p: price, bp: price, ap: price, val: price, o: price })
  .map((fields) => ({
    ...fields,
    ...{ sym: 'SPY', T: 'I:SPX', t: NOW, s: NOW, e: NOW, h: fields.o + 1, l: fields.o / 2, c: fields.o },
  }));
// one member of a good event replaced
const spoilt = fc
  .tuple(good, fc.constantFrom(...FIELDS), values)
  .map(([event, field, value]) => ({ ...event, [field]: value }));
const events = fc.oneof(broken, good, spoilt);
const frames = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .array(
        fc.oneof(
          events,
          fc.json().map((text) => JSON.parse(text) as unknown),
        ),
        { maxLength: 4 },
      )
      .map((frame) => Buffer.from(JSON.stringify(frame))),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.array(events, { maxLength: 2 }), fc.nat()).map(([frame, at]) => {
      const text = JSON.stringify(frame);
      return Buffer.from(text.slice(0, at % (text.length + 1)));
    }),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 1, arbitrary: fc.json().map((text) => Buffer.from(text)) },
);

describe('frames from a hostile server', () => {
  it('40,000 of them throw nothing, and what passes is a sane event', () => {
    const insane: unknown[] = [];
    let passed = 0;
    let dropped = 0;
    fc.assert(
      fc.property(frames, (data) => {
        const frame = readFrame(data);
        if (!frame.ok) {
          dropped++;
          return;
        }
        for (const raw of frame.events) {
          const read = readEvent(raw, NOW);
          if (read.kind !== 'event') {
            dropped++;
            continue;
          }
          passed++;
          const { event } = read;
          const prices =
            event.kind === 'bar'
              ? [event.bar.open, event.bar.high, event.bar.low, event.bar.close]
              : event.kind === 'quote'
                ? [event.quote.bid, event.quote.ask]
                : [event.kind === 'trade' ? event.trade.price : event.index.value];
          if (!prices.every((price) => price > 0 && Number.isFinite(price))) insane.push(event);
          const at =
            event.kind === 'bar'
              ? event.bar.openAt
              : event.kind === 'quote'
                ? event.quote.eventAt
                : event.kind === 'trade'
                  ? event.trade.eventAt
                  : event.index.eventAt;
          if (!Number.isInteger(at) || at < 0) insane.push(event);
        }
      }),
      { numRuns: 40_000 },
    );
    expect(insane).toEqual([]);
    expect(passed).toBeGreaterThan(100);
    expect(dropped).toBeGreaterThan(10_000);
    expect(Object.keys(Object.prototype)).toEqual([]);
  }, 120_000);
});
