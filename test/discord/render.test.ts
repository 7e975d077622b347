import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { planCard } from '../../src/cards/plan-card.ts';
import { type Rendered, renderCard } from '../../src/discord/render.ts';
import { tableText } from '../../src/discord/table.ts';
import { DECIDED_AT, sampleBars, sampleLevels, samplePlan } from '../cards/sample.ts';
import { createDiscordValidator } from '../contracts/discord/validator.ts';
import { anyCard } from './random-card.ts';

const validator = createDiscordValidator();
const MESSAGES = '/channels/100000000000000001/messages';
const undrawn = async (): Promise<{ png: Buffer }> => ({ png: Buffer.from('png') });

const plain: Card = { layout: 'embed', tone: 'up', title: 'AAPL', blocks: [{ kind: 'text', text: 'up' }] };

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

/** Every text that Discord reads as markdown. */
function markdownOf({ body }: Rendered): string[] {
  const displays: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if ('type' in value && value.type === 10 && 'content' in value) displays.push(String(value.content));
    Object.values(value).forEach(visit);
  };
  visit(body.components);
  return [...(body.embeds ?? []).map((embed) => embed.description ?? ''), ...displays];
}

describe('a rendered card', () => {
  it('keeps every limit of Discord, whole characters and closed code blocks, for 10,000 random cards', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(
        anyCard,
        fc.constantFrom(undefined, 'container' as const, 'embed' as const),
        async (card, layout) => {
          const rendered = await renderCard(card, { now: DECIDED_AT, command: 'price', layout, draw: undrawn });
          const problems = validator.request('POST', MESSAGES, JSON.parse(JSON.stringify(rendered.body)));
          expect(problems).toEqual([]);
          expect(rendered.files.length).toBe(rendered.body.attachments.length);
          for (const text of stringsIn(rendered.body)) expect(text.isWellFormed()).toBe(true);
          const fences = card.blocks.every(
            (block) => block.kind !== 'text' || block.text.split('```').length % 2 === 1,
          );
          if (fences && card.blocks.every((block) => block.kind !== 'fields')) {
            for (const text of markdownOf(rendered)) expect(text.split('```').length % 2).toBe(1);
          }
          seen += 1;
        },
      ),
      { numRuns: 10_000, endOnFailure: true },
    );
    expect(seen).toBe(10_000);
  }, 180_000);

  it('never lets anything ping', async () => {
    const { body } = await renderCard({ ...plain, title: '@everyone <@1>' }, { now: 0 });
    expect(body.allowed_mentions).toEqual({ parse: [] });
  });

  it('is an embed for look-ups: fields in a grid, the last line as footer', async () => {
    const card: Card = {
      ...plain,
      blocks: [
        { kind: 'text', text: 'Apple' },
        { kind: 'fields', fields: [{ name: 'Open', value: '94.10' }] },
      ],
      provenance: { asOf: DECIDED_AT, source: 'Massive', timeliness: 'live' },
    };
    const { body } = await renderCard(card, { now: DECIDED_AT });
    expect(body.embeds).toEqual([
      {
        color: 0x10b981,
        title: 'AAPL',
        description: 'Apple',
        fields: [{ name: 'Open', value: '94.10', inline: true }],
        footer: { text: 'as of 10:30:00 ET · Massive · live' },
      },
    ]);
    expect(body.flags).toBeUndefined();
  });

  it('is one box with chart, alt text and buttons for what one acts on', async () => {
    const provenance = { asOf: DECIDED_AT, source: 'Massive', timeliness: 'live' } as const;
    const card = planCard(samplePlan, { bars: sampleBars(12), levels: sampleLevels, provenance, at: DECIDED_AT });
    const { body, files } = await renderCard(card, { now: DECIDED_AT, command: 'plan-build' });
    expect(validator.request('POST', MESSAGES, JSON.parse(JSON.stringify(body)))).toEqual([]);
    expect(body.embeds).toBeUndefined();
    expect(body.flags).toBe(32_768);
    expect(files.map(({ name }) => name)).toEqual(['chart.png']);
    expect(body.attachments[0]?.description).toContain('entry 94.10 to 94.25');
    expect(JSON.stringify(body.components)).toContain('attachment://chart.png');
  });

  it('keeps the layout that its message was born with', async () => {
    const { body } = await renderCard(plain, { now: 0, layout: 'container' });
    expect(body.flags).toBe(32_768);
  });

  it('replaces itself by its own buttons and answers below for others', async () => {
    const buttons = [
      { label: 'Again', style: 'primary', action: { command: 'price', input: { symbol: 'AAPL' } } },
      { label: 'Again', style: 'primary', action: { command: 'price', input: { symbol: 'AAPL' } } },
      { label: 'News', style: 'secondary', action: { command: 'news', input: {} } },
      { label: 'Too long', style: 'secondary', action: { command: 'news', input: { symbol: 'x'.repeat(100) } } },
    ] as const;
    const { body } = await renderCard({ ...plain, buttons }, { now: 0, command: 'price' });
    expect(body.components).toMatchObject([
      {
        components: [
          { custom_id: '1u|price||symbol=AAPL' },
          { custom_id: '1u|price||symbol=AAPL|1' },
          { custom_id: '1r|news||' },
          { disabled: true },
        ],
      },
    ]);
  });
});

describe('a table', () => {
  it('aligns numbers right and stays within a phone', () => {
    expect(
      tableText(
        [
          ['AAPL', '94.10', '+1.2 %'],
          ['BRK.B', '127.00', '-0.4 %'],
        ],
        ['', 'last', 'change'],
      ),
    ).toBe(['```', '         last  change', 'AAPL    94.10  +1.2 %', 'BRK.B  127.00  -0.4 %', '```'].join('\n'));
  });

  it('shortens the first column, and cannot be broken out of', () => {
    const text = tableText([['A very long name of a company that never ends', '```', '94.10']]);
    expect(text.split('```')).toHaveLength(3);
    for (const line of text.split('\n')) expect([...line].length).toBeLessThanOrEqual(40);
    expect(text).toContain('94.10');
  });
});
