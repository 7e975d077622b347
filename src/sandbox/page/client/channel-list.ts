import type { PersonChannel } from '../../discord/person-api.ts';
import { el, fill } from './element.ts';
import { icon } from './icon.ts';
import type { Session } from './session.ts';
import { isDirect } from './wire.ts';

function link(channel: PersonChannel, session: Session): HTMLElement {
  const mark = session.unread.get(channel.id);
  const here = channel.id === session.activeId;
  const looks = ['channel', channel.parentId && 'thread', mark && 'unread', channel.archived && 'archived'];
  return el(
    'a',
    { class: looks.filter(Boolean).join(' '), href: `#${channel.id}`, 'aria-current': here ? 'page' : undefined },
    icon(channel.parentId ? 'thread' : isDirect(channel) ? 'at' : 'hash'),
    el('span', { class: 'channel-name' }, channel.name),
    mark &&
      el(
        'span',
        { class: mark.mentions ? 'badge' : 'unread-dot', 'aria-hidden': 'true' },
        mark.mentions ? String(mark.mentions) : '',
      ),
    mark && el('span', { class: 'unseen' }, ` ${mark.count} unread`),
  );
}

/** Channels in the server's order, each with its threads under it. */
export function drawChannels(root: HTMLElement, session: Session): void {
  const channels = session.state?.channels ?? [];
  const threads = channels.filter(
    (channel) => channel.parentId !== undefined && (!channel.archived || channel.id === session.activeId),
  );
  const focused =
    document.activeElement instanceof HTMLAnchorElement && root.contains(document.activeElement)
      ? document.activeElement.getAttribute('href')
      : undefined;
  const items = channels
    .filter((channel) => channel.parentId === undefined || channel.parentId === null)
    .map((channel) => {
      const below = threads.filter((thread) => thread.parentId === channel.id);
      const inner =
        below.length > 0 &&
        el(
          'ul',
          { role: 'list', 'aria-label': `Threads in ${channel.name}` },
          ...below.map((thread) => el('li', {}, link(thread, session))),
        );
      return el('li', {}, link(channel, session), inner);
    });
  fill(root, ...items);
  if (focused) root.querySelector<HTMLElement>(`a[href="${CSS.escape(focused).replaceAll('\\#', '#')}"]`)?.focus();
}
