import type { APIMessage } from 'discord-api-types/v10';
import { avatar } from './avatar.ts';
import { components } from './components.ts';
import { el } from './element.ts';
import { embed } from './embed.ts';
import { icon } from './icon.ts';
import { parseMarkdown, plainText } from './markdown.ts';
import { markdown } from './markdown-view.ts';
import { fileCard, gallery, isPicture } from './media.ts';
import type { Reader } from './reader.ts';
import { absoluteTime, messageTime } from './timestamp.ts';
import { commandOf, isEphemeral, isThinking } from './wire.ts';

const GROUP_MS = 7 * 60_000;
const REPLY = 19;
const THREAD_CREATED = 18;
const THREAD_STARTER = 21;

const nameOf = (user: APIMessage['author']): string => user.global_name ?? user.username;

/** True when Discord would show `message` under the head of `previous`. */
export function isGrouped(message: APIMessage, previous: APIMessage | undefined): boolean {
  return (
    previous !== undefined &&
    previous.author.id === message.author.id &&
    commandOf(message) === undefined &&
    message.type !== REPLY &&
    message.type !== THREAD_CREATED &&
    isEphemeral(message) === isEphemeral(previous) &&
    Date.parse(message.timestamp) - Date.parse(previous.timestamp) < GROUP_MS
  );
}

function context(message: APIMessage, reader: Reader): HTMLElement | undefined {
  const command = commandOf(message);
  const asker = message.interaction_metadata?.user ?? message.interaction?.user;
  if (command !== undefined && asker) {
    const chip = el('span', { class: 'mention' }, `/${command}`);
    return el(
      'div',
      { class: 'context' },
      avatar(asker.id, nameOf(asker), false),
      el('strong', {}, nameOf(asker)),
      ' used ',
      chip,
    );
  }
  if (message.type !== REPLY) return undefined;
  const target = message.referenced_message;
  if (!target) return el('div', { class: 'context' }, icon('reply'), el('em', {}, 'Original message was deleted'));
  const snippet = plainText(parseMarkdown(target.content)).replaceAll('\n', ' ') || 'Click to see attachment';
  return el(
    'div',
    { class: 'context' },
    icon('reply'),
    avatar(target.author.id, nameOf(target.author), target.author.bot ?? false),
    el('strong', {}, reader.nameOf(target.author.id) ?? nameOf(target.author)),
    el('span', { class: 'snippet' }, snippet),
  );
}

function head(message: APIMessage, reader: Reader): HTMLElement {
  const at = Date.parse(message.timestamp);
  return el(
    'div',
    { class: 'message-head' },
    el('span', { class: 'author' }, nameOf(message.author)),
    message.author.bot && el('span', { class: 'app-tag' }, 'APP'),
    el('time', { datetime: message.timestamp, title: absoluteTime(at, 'F') }, messageTime(at, reader.now(at))),
  );
}

function threadLink(message: APIMessage, reader: Reader): HTMLElement | undefined {
  const thread = message.thread;
  if (!thread) return undefined;
  const name = 'name' in thread ? (thread.name ?? 'thread') : 'thread';
  const known = reader.state?.channels.some((channel) => channel.id === thread.id);
  const count = 'message_count' in thread && thread.message_count ? `${thread.message_count} messages` : 'Open thread';
  return known
    ? el(
        'a',
        { class: 'thread-link', href: `#${thread.id}` },
        icon('thread'),
        el('strong', {}, name),
        el('span', {}, `${count} ›`),
      )
    : undefined;
}

function thinking(message: APIMessage): HTMLElement {
  const dots = el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i'));
  return el('p', { class: 'thinking', role: 'status' }, dots, `${nameOf(message.author)} is thinking…`);
}

function body(message: APIMessage, reader: Reader): HTMLElement[] {
  if (isThinking(message)) return [thinking(message)];
  const parts: HTMLElement[] = [];
  const shown = message.type === THREAD_STARTER ? (message.referenced_message ?? message) : message;
  if (shown.content) parts.push(markdown(shown.content, reader, 'md content'));
  const used = JSON.stringify([shown.embeds, shown.components ?? []]);
  const files = shown.attachments.filter((file) => !used.includes(JSON.stringify(file.url).slice(1, -1)));
  const pictures = files.filter(isPicture);
  if (pictures.length > 0) {
    parts.push(
      gallery(
        pictures.map((file) => ({ url: file.url, width: file.width, height: file.height, alt: file.description })),
      ),
    );
  }
  for (const file of files.filter((one) => !isPicture(one))) parts.push(fileCard(file.filename, file.size, file.url));
  for (const one of shown.embeds) parts.push(embed(one, shown, reader));
  parts.push(...components(shown, reader));
  if (message.edited_timestamp) {
    const edited = el(
      'span',
      { class: 'edited', title: absoluteTime(Date.parse(message.edited_timestamp), 'F') },
      '(edited)',
    );
    const last = parts.at(-1);
    const tail = last?.classList.contains('content') ? last.lastElementChild : undefined;
    if (tail?.tagName === 'P') tail.append(' ', edited);
    else parts.push(edited);
  }
  return parts;
}

function notes(message: APIMessage, reader: Reader): HTMLElement[] {
  const parts: HTMLElement[] = [];
  const failure = reader.pendingOn(message.id)?.failed;
  if (failure)
    parts.push(
      el('p', { class: 'failed', role: 'alert' }, icon('warn'), 'This interaction failed', el('span', {}, failure)),
    );
  if (isEphemeral(message)) {
    const dismiss = el(
      'button',
      { type: 'button', class: 'text-button', onclick: () => reader.dismiss(message) },
      'Dismiss message',
    );
    parts.push(
      el(
        'p',
        { class: 'only-you' },
        icon('eye'),
        'Only you can see this',
        el('span', { 'aria-hidden': 'true' }, '·'),
        dismiss,
      ),
    );
  }
  return parts;
}

/** One message as an article; `grouped` hides the head under a message of the same author. */
export function messageView(message: APIMessage, reader: Reader, grouped: boolean): HTMLElement {
  if (message.type === THREAD_CREATED) {
    const target = message.message_reference?.channel_id;
    const name = el('a', { href: target ? `#${target}` : undefined }, message.content);
    return el(
      'article',
      { class: 'message system' },
      icon('thread'),
      el('p', {}, el('strong', {}, nameOf(message.author)), ' started a thread: ', name),
    );
  }
  const at = Date.parse(message.timestamp);
  const above = grouped ? undefined : context(message, reader);
  const mentioned = message.mentions.some((user) => user.id === reader.as);
  const looks = [
    'message',
    grouped && 'grouped',
    mentioned && 'mentions-me',
    isEphemeral(message) && 'ephemeral',
    above && 'with-context',
  ];
  return el(
    'article',
    { class: looks.filter(Boolean).join(' '), 'aria-label': `${nameOf(message.author)}, ${absoluteTime(at, 't')}` },
    above,
    grouped
      ? el('time', { class: 'gutter-time', datetime: message.timestamp }, absoluteTime(at, 't'))
      : avatar(message.author.id, nameOf(message.author), message.author.bot ?? false),
    el(
      'div',
      { class: 'message-body' },
      grouped ? undefined : head(message, reader),
      ...body(message, reader),
      threadLink(message, reader),
      ...notes(message, reader),
    ),
  );
}
