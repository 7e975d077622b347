import { avatar } from './avatar.ts';
import { el, fill } from './element.ts';
import type { Session } from './session.ts';

function member(id: string, name: string, line: string | undefined, bot: boolean, online: boolean): HTMLElement {
  const face = el('span', { class: online ? 'member-face online' : 'member-face' }, avatar(id, name, bot));
  const title = el('span', { class: 'member-name' }, name, bot && el('span', { class: 'app-tag' }, 'APP'));
  return el(
    'li',
    { class: online ? 'member' : 'member offline' },
    face,
    el('span', {}, title, line && el('small', {}, line)),
  );
}

/** The bot with its presence, then the people of the sandbox. */
export function drawMembers(root: HTMLElement, session: Session): void {
  const state = session.state;
  if (!state) return;
  const name = session.nameOf(state.botId) ?? 'Trading Coach';
  const bot = member(state.botId, name, state.botOnline ? state.botPresence : 'offline', true, state.botOnline);
  const people = state.users.filter((user) => user.id !== state.botId);
  fill(
    root,
    el('h2', {}, 'Bot'),
    el('ul', { role: 'list' }, bot),
    el('h2', {}, `Members: ${people.length}`),
    el(
      'ul',
      { role: 'list' },
      ...people.map((user) =>
        member(user.id, user.name, user.id === session.as ? `${user.role} · you` : user.role, false, true),
      ),
    ),
  );
}
