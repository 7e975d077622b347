import type { Card } from '../../src/cards/card.ts';

/** A card as text, without the bars, which only lengthen it. */
export function golden(card: Card): string {
  const blocks = card.blocks.map((block) =>
    block.kind === 'chart' ? { ...block, chart: { ...block.chart, bars: [], lines: [] } } : block,
  );
  return `${JSON.stringify({ ...card, blocks }, null, 2)}\n`;
}

/** All that a card says outside its chart. */
export function textOf(card: Card): string {
  return card.blocks
    .flatMap((block) => {
      if (block.kind === 'text') return [block.text];
      if (block.kind === 'table') return block.rows.map((row) => row.join('  '));
      return block.kind === 'fields' ? block.fields.map(({ name, value }) => `${name}  ${value}`) : [];
    })
    .join('\n');
}
