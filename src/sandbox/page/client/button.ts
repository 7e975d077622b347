import type { APIButtonComponent, APIMessage } from 'discord-api-types/v10';
import { el } from './element.ts';
import { icon } from './icon.ts';
import { webHref } from './markdown-inline.ts';
import type { Reader } from './reader.ts';

const LOOKS: Readonly<Record<number, string>> = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger', 5: 'link' };

/** A message button of any style; shows a spinner while the bot has not answered. */
export function button(data: APIButtonComponent, message: APIMessage, reader: Reader): HTMLElement {
  const label = 'label' in data ? (data.label ?? '') : 'Premium';
  const emoji = 'emoji' in data ? data.emoji?.name : undefined;
  const content = [emoji && el('span', { class: 'button-emoji' }, emoji), label && el('span', {}, label)].filter(
    (one) => one instanceof Node,
  );
  const look = `button button-${LOOKS[data.style] ?? 'secondary'}`;
  if ('url' in data) {
    const href = data.disabled ? undefined : webHref(data.url);
    const link = el(
      'a',
      { class: look, href, target: '_blank', rel: 'noreferrer noopener nofollow' },
      ...content,
      icon('external'),
    );
    if (!href) link.setAttribute('aria-disabled', 'true');
    return link;
  }
  const customId = 'custom_id' in data ? data.custom_id : undefined;
  const pending = reader.pendingOn(message.id);
  const waiting = pending !== undefined && !pending.failed;
  const mine = waiting && pending.customId === customId;
  const press = (): void => {
    if (customId !== undefined && !waiting) reader.press(message, customId);
  };
  return el(
    'button',
    {
      type: 'button',
      class: mine ? `${look} waiting` : look,
      disabled: data.disabled || customId === undefined,
      'aria-disabled': waiting ? 'true' : undefined,
      'aria-busy': mine ? 'true' : undefined,
      // the spinner hides the label, not the name
      'aria-label': mine ? label || emoji : undefined,
      'data-key': customId,
      onclick: press,
    },
    ...content,
    mine && el('span', { class: 'spinner', 'aria-hidden': 'true' }),
  );
}
