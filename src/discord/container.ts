import { type APIComponentInContainer, ComponentType, MessageFlags, SeparatorSpacingSize } from 'discord.js';
import type { Card, CardBlock } from '../cards/card.ts';
import { footerLine } from '../cards/footer.ts';
import { escapeMarkdown, truncate } from '../cards/text.ts';
import { TONE_NUMBER } from '../cards/theme.ts';
import { controlRows } from './controls.ts';
import { LIMIT } from './limits.ts';
import type { Rendered, RenderOptions } from './render.ts';
import { tableText } from './table.ts';

const FOOTER = 600;
const NOTHING = '–';

type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'picture' }
  | { readonly kind: 'divider' };

/** A card as a components v2 container: text, charts and buttons in one box with an accent. */
export function containerBody(
  card: Card,
  pictures: readonly { readonly url: string; readonly alt: string }[],
  { now, command }: RenderOptions,
): Pick<Rendered['body'], 'components' | 'flags'> {
  const title = truncate(`### ${escapeMarkdown(card.title) || NOTHING}`, LIMIT.embedTitle);
  // an embed shows title and footer as they are, here both are markdown
  const line = escapeMarkdown(footerLine(card, now));
  const footer = line === '' ? '' : truncate(`-# ${line}`, FOOTER);
  const rows = controlRows(card, command);
  const taken = 2 + (footer === '' ? 0 : 1) + rows.reduce((sum, row) => sum + 1 + row.components.length, 0);
  const pieces = fewEnough(piecesOf(card.blocks), LIMIT.containerPieces - taken);
  const components: APIComponentInContainer[] = [{ type: ComponentType.TextDisplay, content: title }];
  let left = LIMIT.containerText - title.length - footer.length;
  let picture = 0;
  for (const piece of pieces) {
    if (piece.kind === 'text') {
      const content = truncate(piece.text, left);
      left -= content.length;
      if (content !== '') components.push({ type: ComponentType.TextDisplay, content });
    } else if (piece.kind === 'divider') {
      components.push({ type: ComponentType.Separator, divider: true, spacing: SeparatorSpacingSize.Small });
    } else {
      const shown = pictures[picture++];
      if (shown)
        components.push({
          type: ComponentType.MediaGallery,
          items: [{ media: { url: shown.url }, description: shown.alt }],
        });
    }
  }
  components.push(...rows);
  if (footer !== '') components.push({ type: ComponentType.TextDisplay, content: footer });
  return {
    components: [{ type: ComponentType.Container, accent_color: TONE_NUMBER[card.tone], components }],
    flags: MessageFlags.IsComponentsV2,
  };
}

/** Neighbouring texts, tables and fields become one piece. */
function piecesOf(blocks: readonly CardBlock[]): Piece[] {
  const pieces: Piece[] = [];
  for (const block of blocks) {
    if (block.kind === 'chart') pieces.push({ kind: 'picture' });
    else if (block.kind === 'divider') pieces.push({ kind: 'divider' });
    else {
      const text = textOf(block);
      const last = pieces.at(-1);
      if (text === '') continue;
      if (last?.kind === 'text') pieces[pieces.length - 1] = { kind: 'text', text: `${last.text}\n${text}` };
      else pieces.push({ kind: 'text', text });
    }
  }
  return pieces;
}

/** Dividers go first, then what stands last. */
function fewEnough(pieces: readonly Piece[], most: number): readonly Piece[] {
  if (pieces.length <= most) return pieces;
  return pieces.filter((piece) => piece.kind !== 'divider').slice(0, most);
}

function textOf(block: Exclude<CardBlock, { kind: 'chart' | 'divider' }>): string {
  if (block.kind === 'text') return block.text.trim();
  if (block.kind === 'table') return block.rows.length > 0 ? tableText(block.rows, block.head) : '';
  return block.fields.map(({ name, value }) => `**${name.trim() || NOTHING}**  ${value.trim() || NOTHING}`).join('\n');
}
