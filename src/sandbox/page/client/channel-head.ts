import { el, fill } from './element.ts';
import { icon } from './icon.ts';
import type { Session } from './session.ts';
import { isDirect } from './wire.ts';

/** The line over the messages: where one is, and what it is for. */
export function drawChannelHead(root: HTMLElement, session: Session): void {
  const channel = session.channel(session.activeId);
  const parent = channel?.parentId ? session.channel(channel.parentId) : undefined;
  const above = parent && el('a', { class: 'head-parent', href: `#${parent.id}` }, icon('hash'), parent.name);
  fill(
    root,
    above,
    above && el('span', { class: 'head-arrow', 'aria-hidden': 'true' }, '›'),
    icon(parent ? 'thread' : channel && isDirect(channel) ? 'at' : 'hash'),
    el('h1', {}, channel?.name ?? ''),
    channel?.archived && el('span', { class: 'tag' }, 'archived'),
    channel?.topic ? el('p', { class: 'topic', title: channel.topic }, channel.topic) : undefined,
  );
  const guild = session.state?.guild.name ?? 'Sandbox';
  document.title = channel ? `${parent ? '' : '#'}${channel.name} · ${guild}` : guild;
}

/** "Trading Coach is typing…", or nothing. */
export function drawTyping(root: HTMLElement, session: Session): void {
  const names = session
    .typing(session.activeId)
    .filter((id) => id !== session.as)
    .map((id) => session.nameOf(id) ?? 'Someone');
  const verb = names.length === 1 ? 'is' : 'are';
  const dots = el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i'));
  fill(root, ...(names.length > 0 ? [dots, el('strong', {}, names.join(', ')), ` ${verb} typing…`] : []));
}
