import type { APIEmbed, APIEmbedField } from 'discord.js';
import type { Card, CardBlock } from '../cards/card.ts';
import { footerLine } from '../cards/footer.ts';
import { truncate } from '../cards/text.ts';
import { TONE_NUMBER } from '../cards/theme.ts';
import { controlRows } from './controls.ts';
import { LIMIT } from './limits.ts';
import type { Rendered, RenderOptions } from './render.ts';
import { tableText } from './table.ts';

/** Leaves the description at least a third of what all parts of an embed may hold together. */
const FIELDS_TOTAL = 2600;
const FOOTER = 600;
const NOTHING = '–';

/** A card as an embed: for look-ups. Further charts become further embeds of the same colour. */
export function embedBody(
  card: Card,
  pictures: readonly { readonly url: string }[],
  { now, command }: RenderOptions,
): Pick<Rendered['body'], 'embeds' | 'components'> {
  const title = truncate(card.title, LIMIT.embedTitle);
  const footer = truncate(footerLine(card, now), FOOTER);
  const fields = fieldsOf(card.blocks);
  const used = title.length + footer.length + lengthOf(fields);
  // a code block has its own space below
  const text = card.blocks
    .map(textOf)
    .filter((part) => part !== '')
    .reduce((all, part) => `${all}${all.endsWith('```') || all === '' ? '\n' : '\n\n'}${part}`, '')
    .trim();
  const description = truncate(text, Math.min(LIMIT.embedDescription, LIMIT.embedTotal - used));
  const color = TONE_NUMBER[card.tone];
  const [first, ...others] = pictures;
  const embed: APIEmbed = {
    color,
    ...(title === '' ? {} : { title }),
    ...(description !== '' ? { description } : title === '' && fields.length === 0 ? { description: NOTHING } : {}),
    ...(fields.length > 0 ? { fields } : {}),
    ...(first ? { image: { url: first.url } } : {}),
    ...(footer === '' ? {} : { footer: { text: footer } }),
  };
  const more = others.slice(0, LIMIT.embeds - 1).map(({ url }) => ({ color, image: { url } }));
  return { embeds: [embed, ...more], components: controlRows(card, command) };
}

function fieldsOf(blocks: readonly CardBlock[]): APIEmbedField[] {
  const fields: APIEmbedField[] = [];
  let left = FIELDS_TOTAL;
  for (const { name, value } of blocks.flatMap((block) => (block.kind === 'fields' ? block.fields : []))) {
    if (fields.length === LIMIT.embedFields || left < 2) break;
    const shownName = truncate(name.trim() || NOTHING, Math.min(LIMIT.fieldName, left - 1));
    const shownValue = truncate(value.trim() || NOTHING, Math.min(LIMIT.fieldValue, left - shownName.length));
    left -= shownName.length + shownValue.length;
    fields.push({ name: shownName, value: shownValue, inline: true });
  }
  return fields;
}

function lengthOf(fields: readonly APIEmbedField[]): number {
  return fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
}

function textOf(block: CardBlock): string {
  if (block.kind === 'text') return block.text.trim();
  return block.kind === 'table' && block.rows.length > 0 ? tableText(block.rows, block.head) : '';
}
