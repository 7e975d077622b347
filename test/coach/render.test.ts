import { describe, expect, it } from 'vitest';
import { sourcesCard } from '../../src/coach/answer-card.ts';
import { type ToolResult, tidy } from '../../src/coach/reference.ts';
import { render } from '../../src/coach/render.ts';

const NOW = Date.UTC(2015, 11, 23, 15, 32, 15);
const provenance = { asOf: NOW - 4_000, source: 'Massive', timeliness: 'live' };
const result: ToolResult = {
  id: 't1',
  tool: 'get_price',
  input: { symbol: 'AAPL' },
  output: {
    symbol: 'AAPL',
    name: 'Apple Inc.',
    lastDollars: 1_234.5,
    tinyDollars: 0.0712,
    changePct: -0.04,
    upRatio: 0.4567,
    covered: 4_830,
    volumeShares: 12_345_678,
    r: 1.25,
    publishedAt: NOW - 240_000,
    nextHoliday: { on: '2015-12-25' },
    isIndex: false,
    value: 2_064.29,
    items: [
      { title: 'A _b_ *c* @everyone https://evil.example/x', url: 'https://www.reuters.com/a_(b)' },
      { url: 'https://www.reuters.com/ok' },
    ],
    provenance,
  },
};
const frame = { results: new Map([['t1', result]]), now: NOW };
const text = (answer: string): string => {
  const rendered = render(answer, frame);
  return rendered.ok ? rendered.text : `refused: ${rendered.reason}`;
};

describe('a placeholder', () => {
  it('counts a whole list, and none whose end was left out', () => {
    const watched = (many: number): ToolResult => ({
      id: 't1',
      tool: 'list_watchlist',
      input: {},
      output: tidy({ symbols: Array.from({ length: many }, (_, i) => ({ symbol: `A${i}` })) }),
    });
    const said = (many: number) =>
      render('You watch {{t1.symbols.length|count}} symbols.', { results: new Map([['t1', watched(many)]]), now: NOW });
    expect(said(20)).toMatchObject({ ok: true, text: 'You watch **20** symbols.' });
    expect(said(35)).toMatchObject({ ok: false, reason: expect.stringContaining('the list is cut') });
  });

  it.each([
    ['{{t1.lastDollars|money}}', '**$1,234.50**'],
    ['{{t1.lastDollars|price}}', '**1,234.50**'],
    ['{{t1.tinyDollars|money}}', '**$0.0712**'],
    ['{{t1.changePct|percent}}', '**0.0 %**'],
    ['{{t1.upRatio|percent}}', '**+45.7 %**'],
    ['{{t1.upRatio|pct}}', '**45.7 %**'],
    ['{{t1.covered|count}}', '**4,830**'],
    ['{{t1.volumeShares|volume}}', '**12.3M**'],
    ['{{t1.r|r}}', '**+1.3 R**'],
    ['{{t1.publishedAt|ago}}', '**4 min ago**'],
    ['{{t1.publishedAt|time}}', `**<t:${(NOW - 240_000) / 1000}:t>**`],
    ['{{t1.nextHoliday.on|date}}', 'Fri 25 Dec'],
    ['{{t1.isIndex|text}}', 'no'],
    ['{{t1.lastDollars}}', '**$1,234.50**'],
    ['{{ t1.lastDollars | money }}', '**$1,234.50**'],
    ['{{t1.items.length|count}}', '**2**'],
    ['{{t1.items.0.title|text}}', '“A \\_b\\_ \\*c\\* ＠everyone (link)”'],
    ['{{t1.items.1.url|link}}', '[reuters.com](<https://www.reuters.com/ok>)'],
    [
      // biome-ignore lint/suspicious/noTemplateCurlyInString: models write the dollar sign before the placeholder
      '${{t1.lastDollars|money}} and {{t1.changePct|percent}}% and {{t1.upRatio|pct}} percent',
      '**$1,234.50** and **0.0 %** and **45.7 %**',
    ],
    ['**{{t1.lastDollars|money}}**', '**$1,234.50**'],
  ])('%s is written %s', (answer, expected) => {
    expect(text(answer)).toBe(expected);
  });

  it.each([
    ['{{t1.lastDollars|percent}}', 'percent cannot show dollars'],
    ['{{t1.changePct|money}}', 'money cannot show percent'],
    ['{{t1.changePct|count}}', 'count cannot show percent'],
    ['{{t1.symbol|money}}', 'money is for numbers'],
    ['{{t1.lastDollars|text}}', 'text is for words'],
    ['{{t1.lastDollars|euros}}', 'unknown format "euros"'],
    ['{{t1.lastDollars|money|price}}', 'one format is enough'],
    ['{{t1.items.0.url|link}}', 'no address that a tool returned'],
    ['{{t1.symbol|link}}', 'no address that a tool returned'],
    ['{{t1.lastDollars', 'not closed'],
    ['{{}}', 'not a whole expression'],
    ['  ', 'the answer is empty'],
    [`x${' word'.repeat(1_500)}`, 'characters'],
  ])('%s is refused: %s', (answer, reason) => {
    expect(text(answer)).toContain(`refused: `);
    expect(text(answer)).toContain(reason);
  });
});

describe('the words of an answer', () => {
  it('keep names, lists and lines, and lose emphasis and mentions', () => {
    expect(text('**Apple Inc.** leads the S&P 500.\n\n1. First\n2. Second\n- Third @everyone')).toBe(
      'Apple Inc. leads the S&P 500.\n\n1\\. First\n2\\. Second\n- Third ＠everyone',
    );
    expect(text('▲ Near 💯🕔⚄🎯 the high')).toBe('▲ Near the high');
    expect(text('By 2015-12-25 volume is thin; watch 5 min bars and T1.')).not.toContain('refused');
    expect(text('On 2015-12-26 volume is thin.')).toContain('refused: a bare number');
  });
});

describe('the sources of an answer', () => {
  it('name each number, its tool, arguments, field, time and source, once', () => {
    const rendered = render(
      '{{t1.lastDollars|money}}, again {{t1.lastDollars|money}}, {{t1.lastDollars - t1.tinyDollars|money}}',
      frame,
    );
    if (!rendered.ok) throw new Error(rendered.reason);
    expect(rendered.sources).toHaveLength(2);
    const [block] = sourcesCard(rendered.sources).blocks;
    expect(block).toMatchObject({
      text: [
        `t1: get\\_price (symbol: AAPL), <t:${(NOW - 4_000) / 1000}:T>, Massive`,
        '- **$1,234.50** lastDollars',
        '- **$1,234.43** = t1.lastDollars - t1.tinyDollars',
      ].join('\n'),
    });
    expect(sourcesCard([]).blocks[0]).toMatchObject({ text: 'That answer shows no value from a tool.' });
  });
});

describe('a name in a result', () => {
  const named = (name: string, symbol = 'AAPL'): { bare: string; cited: string } => {
    const results = new Map([['t1', { ...result, output: { name, symbol } }]]);
    const shown = (answer: string): string => {
      const rendered = render(answer, { results, now: NOW });
      return rendered.ok ? rendered.text : 'refused';
    };
    return { bare: shown(`It is ${name}, ${symbol}.`), cited: shown('It is {{t1.name|text}}, {{t1.symbol|text}}.') };
  };

  it.each(['3M Company', 'S&P 500', 'SPDR S&P 500 ETF Trust', '1-800-Flowers.com, Inc.', 'Fifth Third Bancorp'])(
    'may stand as it is: %s',
    (name) => {
      expect(named(name)).toEqual({ bare: `It is ${name}, AAPL.`, cited: `It is ${name}, AAPL.` });
    },
  );

  it.each(['AAPL is at 999 now', 'Sells for $999', 'up 50 percent', 'Buy: 999'])(
    'that reads like a sentence about a price is only quoted: %s',
    (name) => {
      expect(named(name).bare).toBe('refused');
      expect(named(name).cited).toContain(`“${name}”`);
    },
  );

  it('that is no ticker does not pass for one', () => {
    expect(named('Apple Inc.', 'AAPL at 999').bare).toBe('refused');
  });
});
