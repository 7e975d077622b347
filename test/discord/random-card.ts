import fc from 'fast-check';
import type { Card, CardBlock } from '../../src/cards/card.ts';

const fragment = fc.constantFrom(
  '```',
  '`',
  '\n',
  '**',
  '😀',
  '\\',
  '<t:1450882800:R>',
  '@everyone',
  'AAPL 94.10 ',
  'é',
  '👩‍🚀',
  '\u202E',
  ' ',
);
const words = (longest: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.string({ maxLength: 30 }) },
    { weight: 2, arbitrary: fc.array(fragment, { maxLength: 40 }).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
    {
      weight: 1,
      arbitrary: fc.tuple(fragment, fc.integer({ min: 1, max: longest })).map(([part, times]) => part.repeat(times)),
    },
  );

const input = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 10 }),
  fc.oneof(fc.string({ maxLength: 90 }), fc.integer(), fc.boolean()),
  {
    maxKeys: 3,
  },
);
const action = fc.record({ command: fc.constantFrom('price', 'plan-build', 'movers', 'risk'), input });

const chart = fc.constant({ title: 'AAPL', subtitle: '', bars: [], lines: [], levels: [], bands: [] });

const block: fc.Arbitrary<CardBlock> = fc.oneof(
  fc.record({ kind: fc.constant('text' as const), text: words(900) }),
  fc.record({
    kind: fc.constant('fields' as const),
    fields: fc.array(fc.record({ name: words(60), value: words(300) }), { maxLength: 30 }),
  }),
  fc.record(
    {
      kind: fc.constant('table' as const),
      head: fc.array(words(20), { maxLength: 6 }),
      rows: fc.array(fc.array(words(20), { maxLength: 6 }), { maxLength: 40 }),
    },
    { requiredKeys: ['kind', 'rows'] },
  ),
  fc.record({ kind: fc.constant('chart' as const), chart, alt: words(300) }),
  fc.record({ kind: fc.constant('divider' as const) }),
);

/** Any card, far beyond what Discord takes. */
export const anyCard: fc.Arbitrary<Card> = fc.record(
  {
    layout: fc.constantFrom('container' as const, 'embed' as const),
    tone: fc.constantFrom('up' as const, 'down' as const, 'warn' as const, 'neutral' as const),
    title: words(100),
    blocks: fc.array(block, { maxLength: 14 }),
    buttons: fc.array(
      fc.record(
        {
          label: words(40),
          style: fc.constantFrom('primary' as const, 'secondary' as const, 'danger' as const),
          action,
          disabled: fc.boolean(),
        },
        { requiredKeys: ['label', 'style', 'action'] },
      ),
      { maxLength: 30 },
    ),
    select: fc.record({
      placeholder: words(60),
      action,
      key: fc.constantFrom('symbol', 'id'),
      options: fc.array(
        fc.record(
          { label: words(50), value: fc.string({ maxLength: 120 }), description: words(50) },
          { requiredKeys: ['label', 'value'] },
        ),
        { maxLength: 30 },
      ),
    }),
    provenance: fc.record(
      {
        asOf: fc.integer({ min: 0, max: 2_000_000_000_000 }),
        source: words(100),
        timeliness: fc.constantFrom('live' as const, 'delayed' as const, 'stale' as const),
        note: words(200),
      },
      { requiredKeys: ['asOf', 'source', 'timeliness'] },
    ),
    tag: words(100),
    disclaimer: fc.boolean(),
  },
  { requiredKeys: ['layout', 'tone', 'title', 'blocks'] },
);
