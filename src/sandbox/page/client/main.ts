import { createActions } from './actions.ts';
import { drawChannelHead, drawTyping } from './channel-head.ts';
import { drawChannels } from './channel-list.ts';
import { createClockBar } from './clock-bar.ts';
import { createComposer } from './composer.ts';
import { Connection } from './connection.ts';
import { createDrawer } from './drawer.ts';
import { part } from './element.ts';
import { createFaultMenu } from './fault-menu.ts';
import { drawIdentity } from './identity.ts';
import { nowNear } from './market-clock.ts';
import { drawMembers } from './member-list.ts';
import { createMessageList } from './message-list.ts';
import { openModal } from './modal.ts';
import type { Reader } from './reader.ts';
import { Session } from './session.ts';

const TICK_MS = 200;
const HOUSEKEEPING_MS = 1_000;
const DISMISSED = 'sandbox-dismissed';

const dismissed = readDismissed();
const session = new Session(() => Date.now(), dismissed);
const actions = createActions(session);
const chosen = new Map<string, { values: readonly string[]; edited: string | null }>();
const elements = {
  channels: part('channels', HTMLElement),
  members: part('members', HTMLElement),
  head: part('channel-head', HTMLElement),
  typing: part('typing', HTMLElement),
  link: part('link-note', HTMLElement),
  guild: part('guild-name', HTMLElement),
  identity: part('identity', HTMLElement),
  composer: part('composer', HTMLFormElement),
};
let closeModal: (() => void) | undefined;

const reader: Reader = {
  get as() {
    return session.as;
  },
  get state() {
    return session.state;
  },
  nameOf: (id) => session.nameOf(id),
  now: (at) => nowNear(at, session.state?.market, Date.now()),
  openChannel: (id) => {
    location.hash = id;
  },
  press: (message, customId) => {
    forgetFailure(message.id);
    void actions.press(message, customId);
  },
  select: (message, customId, values) => {
    forgetFailure(message.id);
    chosen.set(`${message.id}:${customId}`, { values, edited: message.edited_timestamp });
    void actions.select(message, customId, values);
  },
  dismiss(message) {
    dismissed.push(message.id);
    sessionStorage.setItem(DISMISSED, JSON.stringify(dismissed.slice(-500)));
    session.dismiss(message.channel_id, message.id);
  },
  pendingOn: (messageId) => [...session.pending.values()].findLast((pending) => pending.messageId === messageId),
  chosenIn(message, customId) {
    const memory = chosen.get(`${message.id}:${customId}`);
    return memory?.edited === message.edited_timestamp ? memory.values : undefined;
  },
  startCommand: (name) => composer.start(name),
};

function readDismissed(): string[] {
  const kept: unknown = JSON.parse(sessionStorage.getItem(DISMISSED) ?? '[]');
  return Array.isArray(kept) ? kept.map(String) : [];
}

function forgetFailure(messageId: string): void {
  for (const pending of session.pending.values())
    if (pending.messageId === messageId && pending.failed) session.end(pending.nonce);
}

const list = createMessageList(session, reader, {
  scroller: part('scroller', HTMLElement),
  list: part('messages', HTMLElement),
  intro: part('intro', HTMLElement),
  jump: part('jump', HTMLElement),
});
const composer = createComposer(
  session,
  actions,
  {
    form: elements.composer,
    text: part('text', HTMLTextAreaElement),
    slash: part('slash', HTMLElement),
    popup: part('popup', HTMLElement),
    hint: part('hint', HTMLElement),
  },
  () => list.toEnd(),
);
const clock = createClockBar(
  session,
  actions,
  { face: part('clock', HTMLElement), controls: part('clock-controls', HTMLElement) },
  composer.complain,
);
const faults = createFaultMenu(session, actions, part('faults', HTMLElement), composer.complain);
const closeDrawer = createDrawer(
  part('drawer-toggle', HTMLElement),
  part('sidebar', HTMLElement),
  part('backdrop', HTMLElement),
);

const connection = new Connection({
  session,
  onFresh: showAddress,
  onEvent(event) {
    session.apply(event);
    if (event.type !== 'modal') return;
    closeModal?.();
    closeModal = openModal(event.modalId, event.modal, reader, actions);
  },
  onLink(open) {
    elements.link.hidden = open;
    if (!open) closeModal?.();
  },
  complain: (text) => composer.complain(text),
});

function showAddress(): void {
  const channels = session.state?.channels ?? [];
  const wanted = decodeURIComponent(location.hash.slice(1));
  const channel =
    channels.find((one) => one.id === wanted) ?? channels.find((one) => one.name === wanted) ?? channels[0];
  if (!channel) return;
  if (channel.id !== wanted) history.replaceState(undefined, '', `#${channel.id}`);
  session.open(channel.id);
  composer.sync();
  if (!session.isLoaded(channel.id)) void connection.load(channel.id);
}

function become(userId: string): void {
  closeModal?.();
  connection.become(userId);
}

let drawn = false;
function drawSoon(): void {
  if (drawn) return;
  drawn = true;
  queueMicrotask(() => {
    drawn = false;
    list.sync();
  });
}

session.subscribe((change) => {
  switch (change.topic) {
    case 'state':
      elements.guild.textContent = session.state?.guild.name ?? '';
      drawIdentity(elements.identity, session, become);
      drawChannels(elements.channels, session);
      drawMembers(elements.members, session);
      clock.sync();
      faults.sync();
      composer.sync();
      return;
    case 'channels':
      drawChannels(elements.channels, session);
      drawChannelHead(elements.head, session);
      if (session.activeId && !session.channel(session.activeId)) showAddress();
      return drawSoon();
    case 'commands':
      return composer.sync();
    case 'bot':
      return drawMembers(elements.members, session);
    case 'market':
      return clock.sync();
    case 'faults':
      return faults.sync();
    case 'typing':
      return drawTyping(elements.typing, session);
    case 'messages':
      drawTyping(elements.typing, session);
      drawMembers(elements.members, session);
      return drawSoon();
    default:
      return drawSoon();
  }
});

addEventListener('hashchange', () => {
  closeDrawer();
  showAddress();
});
part('tools-toggle', HTMLElement).addEventListener('click', (event) => {
  const open = document.body.classList.toggle('tools-open');
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.setAttribute('aria-expanded', String(open));
});
const text = part('text', HTMLTextAreaElement);
part('skip', HTMLElement).addEventListener('click', () => text.focus());
// as on Discord, typing goes to the message box when it goes nowhere else
document.addEventListener('keydown', (event) => {
  const bare = event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (bare && event.target === document.body && !document.querySelector('dialog[open]')) text.focus();
});
setInterval(() => clock.tick(), TICK_MS);
setInterval(() => {
  session.expire();
  list.tick();
}, HOUSEKEEPING_MS);

await connection.start();
