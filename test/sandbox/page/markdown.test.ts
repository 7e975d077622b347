import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Block, parseMarkdown, plainText } from '../../../src/sandbox/page/client/markdown.ts';
import { type Inline, webHref } from '../../../src/sandbox/page/client/markdown-inline.ts';

const inline = (source: string): readonly Inline[] => {
  const [first] = parseMarkdown(source);
  return first && 'children' in first ? first.children : [];
};
const text = (value: string): Inline => ({ kind: 'text', text: value });

function links(node: Inline | Block): string[] {
  const own = node.kind === 'link' ? [node.href] : [];
  const inside =
    'children' in node
      ? node.children
      : 'blocks' in node
        ? node.blocks
        : 'items' in node
          ? node.items.flatMap((item) => item.children)
          : [];
  return [...own, ...inside.flatMap(links)];
}

describe('inline markdown', () => {
  test.each([
    ['**long**', { kind: 'strong', children: [text('long')] }],
    ['*maybe*', { kind: 'em', children: [text('maybe')] }],
    ['_maybe_', { kind: 'em', children: [text('maybe')] }],
    ['__under__', { kind: 'underline', children: [text('under')] }],
    ['~~gone~~', { kind: 'strike', children: [text('gone')] }],
    ['||hidden||', { kind: 'spoiler', children: [text('hidden')] }],
    ['`1 < 2`', { kind: 'code', text: '1 < 2' }],
    ['``a ` b``', { kind: 'code', text: 'a ` b' }],
    ['<@42>', { kind: 'mention', target: 'user', id: '42' }],
    ['<@&42>', { kind: 'mention', target: 'role', id: '42' }],
    ['<#42>', { kind: 'mention', target: 'channel', id: '42' }],
    ['<t:1450884600:R>', { kind: 'time', at: 1_450_884_600_000, style: 'R' }],
    ['<t:1450884600>', { kind: 'time', at: 1_450_884_600_000, style: 'f' }],
    ['</plan build:7>', { kind: 'command', name: 'plan build' }],
    ['<:bull:12>', { kind: 'emoji', name: ':bull:' }],
    ['[chart](https://a.example/x)', { kind: 'link', href: 'https://a.example/x', children: [text('chart')] }],
    ['<https://a.example/x>', { kind: 'link', href: 'https://a.example/x', children: [text('https://a.example/x')] }],
  ])('reads %s', (source, expected) => {
    expect(inline(source)).toEqual([expected]);
  });

  test('marks nest: bold holds italic holds code', () => {
    expect(inline('**a *b `c`* d**')).toEqual([
      {
        kind: 'strong',
        children: [text('a '), { kind: 'em', children: [text('b '), { kind: 'code', text: 'c' }] }, text(' d')],
      },
    ]);
  });

  test('three stars are bold and italic at once', () => {
    expect(inline('***up***')).toEqual([{ kind: 'strong', children: [{ kind: 'em', children: [text('up')] }] }]);
  });

  test.each(['2 * 3 * 4', 'snake_case_name', '**open', 'a || b', '~5 %', '<t:now:R>', '<@olivia>'])(
    '%s stays as typed',
    (source) => {
      expect(plainText(parseMarkdown(source))).toBe(source);
    },
  );

  test('an escaped star is a star', () => {
    expect(inline('\\*not em\\*')).toEqual([text('*not em*')]);
  });

  test('marks inside code are code', () => {
    expect(inline('`**x** <@1>`')).toEqual([{ kind: 'code', text: '**x** <@1>' }]);
  });

  test('a sentence ends after the address, not in it', () => {
    expect(inline('see https://a.example/x.')).toEqual([
      text('see '),
      { kind: 'link', href: 'https://a.example/x', children: [text('https://a.example/x')] },
      text('.'),
    ]);
  });
});

describe('blocks', () => {
  test('headings, subtext, quotes, lists and fences each become their block', () => {
    const kinds = parseMarkdown('# a\n-# b\n> c\n> d\n- e\n  - f\n1. g\n```ts\nh\n```\ni').map((block) => block.kind);
    expect(kinds).toEqual(['heading', 'subtext', 'quote', 'list', 'list', 'fence', 'paragraph']);
  });

  test('a fence keeps its text untouched and its language apart', () => {
    expect(parseMarkdown('```json\n{"a": **1**}\n```')).toEqual([
      { kind: 'fence', language: 'json', text: '{"a": **1**}' },
    ]);
  });

  test('three angles quote all that follows', () => {
    expect(parseMarkdown('a\n>>> b\nc')).toEqual([
      { kind: 'paragraph', children: [text('a')] },
      { kind: 'quote', blocks: [{ kind: 'paragraph', children: [text('b'), { kind: 'break' }, text('c')] }] },
    ]);
  });
});

describe('hostile text', () => {
  test.each([
    '[x](javascript:alert(1))',
    '[x](data:text/html,<script>1</script>)',
    '<javascript:alert(1)>',
    '[x](JaVaScRiPt://a.example/%0aalert(1))',
    '[x](https://a.example" onmouseover="alert(1))',
    '<img src=x onerror=alert(1)>',
  ])('%s makes no link that runs', (source) => {
    for (const href of parseMarkdown(source).flatMap(links)) expect(href).toMatch(/^https?:\/\/[^\s"'<>]+$/);
  });

  test('buttons and embeds lead to web pages only', () => {
    expect(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '//a.example', ''].map(webHref)).toEqual(
      Array(5).fill(undefined),
    );
    expect(webHref('https://a.example/x?y=1')).toBe('https://a.example/x?y=1');
  });

  const piece = fc.constantFrom(
    '*',
    '**',
    '_',
    '__',
    '~~',
    '||',
    '`',
    '```',
    '\n',
    '> ',
    '>>> ',
    '# ',
    '- ',
    '1. ',
    '-# ',
    '\\',
    '[',
    '](',
    ')',
    '<',
    '>',
    'https://a.example/',
    '<@1>',
    '<t:1:R>',
    ' ',
    '  ',
  );

  test('no text throws, and plain text comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (source) => void plainText(parseMarkdown(source))),
      { numRuns: 200 },
    );
    const plain = fc.string({ unit: fc.constantFrom('a', 'B', '7', ' ', ',', '%', '$', 'é', '漢'), minLength: 1 });
    fc.assert(
      fc.property(plain, (source) => {
        expect(plainText(parseMarkdown(source))).toBe(source);
      }),
    );
  });

  test('no word is lost between any marks', () => {
    const word = fc.integer({ min: 0, max: 9999 }).map((n) => `w${n}w`);
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, word), { maxLength: 60 }), (parts) => {
        const source = parts.join('');
        const shown = JSON.stringify(parseMarkdown(source));
        for (const found of source.match(/w\d+w/g) ?? []) expect(shown).toContain(found);
      }),
      { numRuns: 1000 },
    );
  });

  test('4,000 open marks are read within a second', () => {
    const started = performance.now();
    for (const mark of ['*', '_', '**', '`', '||', '[', '<', '> ', '~~a', '*a **b '])
      parseMarkdown(mark.repeat(4000 / mark.length));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
