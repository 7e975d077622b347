import type { APIMessage } from 'discord-api-types/v10';
import { el, fill } from './element.ts';
import { icon } from './icon.ts';
import { refreshTimes } from './markdown-view.ts';
import { isGrouped, messageView } from './message.ts';
import type { Pending } from './pending.ts';
import type { Reader } from './reader.ts';
import type { Session } from './session.ts';
import { absoluteTime, startOfDay } from './timestamp.ts';
import { compareIds, isDirect } from './wire.ts';

interface Row {
  readonly item: HTMLLIElement;
  readonly message: APIMessage;
  readonly grouped: boolean;
  readonly pending: Pending | undefined;
  readonly threadKnown: boolean;
}

interface Parts {
  readonly scroller: HTMLElement;
  readonly list: HTMLElement;
  readonly intro: HTMLElement;
  readonly jump: HTMLElement;
}

const NEAR_END_PX = 60;

/** The open channel's messages: redraws only what changed and keeps the reader's place while answers stream in. */
export function createMessageList(
  session: Session,
  reader: Reader,
  parts: Parts,
): { sync(): void; toEnd(): void; tick(): void } {
  const { scroller, list, intro, jump } = parts;
  const rows = new Map<string, Row>();
  let channelId = '';
  let pinned = true;
  let lastTop = 0;

  const toEnd = (): void => {
    pinned = true;
    jump.hidden = true;
    scroller.scrollTop = scroller.scrollHeight;
  };

  function draw(message: APIMessage, grouped: boolean): Row {
    const pending = reader.pendingOn(message.id);
    const threadKnown = message.thread !== undefined && session.channel(message.thread.id) !== undefined;
    const old = rows.get(message.id);
    if (
      old &&
      old.message === message &&
      old.grouped === grouped &&
      old.pending === pending &&
      old.threadKnown === threadKnown
    )
      return old;
    const item = old?.item ?? el('li', { id: `message-${message.id}` });
    const active = document.activeElement;
    const key = active instanceof HTMLElement && item.contains(active) ? active.dataset.key : undefined;
    fill(item, messageView(message, reader, grouped));
    if (key !== undefined)
      item.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
    const row = { item, message, grouped, pending, threadKnown };
    rows.set(message.id, row);
    return row;
  }

  function waitingRow(pending: Pending): HTMLLIElement {
    const name = `/${pending.command ?? 'form'}`;
    const close = (): void => session.end(pending.nonce);
    const inside = pending.failed
      ? el(
          'p',
          { class: 'failed', role: 'alert' },
          icon('warn'),
          `${name}: the application did not respond`,
          el('span', {}, pending.failed),
          el('button', { type: 'button', class: 'text-button', onclick: close }, 'Dismiss'),
        )
      : el('p', { class: 'thinking', role: 'status' }, el('span', { class: 'spinner' }), `Sending ${name}…`);
    return el('li', { class: 'waiting-row' }, inside);
  }

  function dayDivider(at: number): HTMLLIElement {
    return el(
      'li',
      { class: 'day', role: 'separator', 'aria-label': absoluteTime(at, 'D') },
      el('span', {}, absoluteTime(at, 'D')),
    );
  }

  function introduce(): void {
    const channel = session.channel(channelId);
    const title =
      channel && (channel.parentId || isDirect(channel)) ? channel.name : `Welcome to #${channel?.name ?? ''}`;
    const line =
      channel?.topic ?? (channel?.parentId ? 'This is the start of the thread.' : 'This is the start of the channel.');
    fill(
      intro,
      el(
        'span',
        { class: 'intro-icon' },
        icon(channel?.parentId ? 'thread' : channel && isDirect(channel) ? 'at' : 'hash'),
      ),
      el('h2', {}, title),
      el('p', {}, line),
    );
    intro.hidden = !channel;
  }

  const isMine = (message: APIMessage): boolean =>
    message.author.id === session.as || message.interaction_metadata?.user.id === session.as;

  function place(items: readonly HTMLLIElement[]): void {
    const keep = new Set<Element>(items);
    for (const child of [...list.children]) if (!keep.has(child)) child.remove();
    for (const [at, item] of items.entries()) {
      if (list.children[at] !== item) list.insertBefore(item, list.children[at] ?? null);
    }
  }

  function sync(): void {
    const changed = channelId !== session.activeId;
    if (changed) {
      channelId = session.activeId;
      rows.clear();
      pinned = true;
    }
    introduce();
    const anchor = pinned
      ? undefined
      : [...list.children].find((child) => child.getBoundingClientRect().bottom > scroller.getBoundingClientRect().top);
    const anchorTop = anchor?.getBoundingClientRect().top ?? 0;
    const before = rows.size;
    const newest = [...rows.keys()].at(-1);
    const messages = session.messages(channelId).sort((a, b) => compareIds(a.id, b.id));
    const items: HTMLLIElement[] = [];
    let previous: APIMessage | undefined;
    for (const message of messages) {
      const at = Date.parse(message.timestamp);
      const newDay = !previous || startOfDay(at) !== startOfDay(Date.parse(previous.timestamp));
      if (newDay && previous) items.push(dayDivider(at));
      items.push(draw(message, !newDay && isGrouped(message, previous)).item);
      previous = message;
    }
    const known = new Set(messages.map((message) => message.id));
    for (const id of rows.keys()) if (!known.has(id)) rows.delete(id);
    for (const pending of session.pending.values()) {
      const loose = pending.kind === 'slash' || (pending.kind === 'modal' && pending.failed);
      if (loose && pending.channelId === channelId) items.push(waitingRow(pending));
    }
    place(items);
    list.setAttribute('aria-busy', String(!session.isLoaded(channelId)));
    // what the reader has said or asked for is what they want to see next
    if (pinned || (before > 0 && messages.some((one) => isMine(one) && compareIds(one.id, newest ?? '') > 0))) toEnd();
    else {
      if (anchor?.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - anchorTop;
      if (rows.size > before) jump.hidden = false;
    }
  }

  scroller.addEventListener('scroll', () => {
    const nearEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
    // a picture that loads before this event comes moves the end away; only going up lets go of it
    if (nearEnd) pinned = true;
    else if (scroller.scrollTop < lastTop) pinned = false;
    lastTop = scroller.scrollTop;
    if (pinned) jump.hidden = true;
  });
  jump.addEventListener('click', toEnd);
  // pictures and fonts change heights after the text stands
  const observer = new ResizeObserver(() => pinned && toEnd());
  observer.observe(list);
  observer.observe(scroller);

  return { sync, toEnd, tick: () => refreshTimes(list, reader) };
}
