import type { APIEmbed, APIEmbedField, APIMessage } from 'discord-api-types/v10';
import { el } from './element.ts';
import { webHref } from './markdown-inline.ts';
import { inlineMarkdown, markdown } from './markdown-view.ts';
import { picture } from './media.ts';
import type { Reader } from './reader.ts';
import { messageTime } from './timestamp.ts';

/** `#rrggbb` of Discord's integer colour. */
export const hexColour = (colour: number): string => `#${colour.toString(16).padStart(6, '0')}`;

/** Inline fields stand three in a row until a wide one breaks it, as on Discord. */
function fieldSpans(fields: readonly APIEmbedField[]): number[] {
  const spans: number[] = [];
  for (let at = 0; at < fields.length; ) {
    let run = 0;
    while (run < 3 && fields[at + run]?.inline) run += 1;
    for (let one = 0; one < Math.max(1, run); one += 1) spans.push(run === 0 ? 12 : Math.max(4, 12 / run));
    at += Math.max(1, run);
  }
  return spans;
}

function link(url: string | undefined, children: readonly Node[]): Node {
  const href = url ? webHref(url) : undefined;
  return href
    ? el('a', { href, target: '_blank', rel: 'noreferrer noopener nofollow' }, ...children)
    : el('span', {}, ...children);
}

/** One embed with its colour bar. */
export function embed(data: APIEmbed, message: APIMessage, reader: Reader): HTMLElement {
  const fields = data.fields ?? [];
  const spans = fieldSpans(fields);
  const body = el(
    'div',
    { class: 'embed-body' },
    data.author &&
      el('div', { class: 'embed-author' }, link(data.author.url, [document.createTextNode(data.author.name)])),
    data.title ? el('div', { class: 'embed-title' }, link(data.url, inlineMarkdown(data.title, reader))) : undefined,
    data.description ? markdown(data.description, reader, 'md embed-description') : undefined,
    fields.length > 0 &&
      el(
        'dl',
        { class: 'embed-fields' },
        ...fields.map((field, at) =>
          el(
            'div',
            { class: `embed-field span-${spans[at] ?? 12}` },
            el('dt', {}, ...inlineMarkdown(field.name, reader)),
            el('dd', {}, markdown(field.value, reader)),
          ),
        ),
      ),
  );
  const footer = [
    data.footer && el('span', {}, data.footer.text),
    data.timestamp &&
      el(
        'time',
        { datetime: data.timestamp },
        messageTime(Date.parse(data.timestamp), reader.now(Date.parse(data.timestamp))),
      ),
  ].filter((one) => one instanceof Node);
  const card = el(
    'div',
    { class: data.thumbnail ? 'embed with-thumbnail' : 'embed' },
    body,
    data.thumbnail && picture({ ...data.thumbnail, alt: data.title }, 'embed-thumbnail'),
    data.image && picture({ ...data.image, alt: imageAlt(data, message) }, 'embed-image'),
    footer.length > 0 && el('div', { class: 'embed-footer' }, ...footer),
  );
  if (data.color !== undefined) card.style.setProperty('--bar', hexColour(data.color));
  return card;
}

// an embed's image has no alt text of its own on the wire; the attachment it shows has
function imageAlt(data: APIEmbed, message: APIMessage): string {
  const file = message.attachments.find((one) => one.url === data.image?.url);
  const described: { description?: unknown } | undefined = data.image;
  const own = typeof described?.description === 'string' ? described.description : undefined;
  return file?.description ?? own ?? data.title ?? '';
}
