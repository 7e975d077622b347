import { el, fill } from './element.ts';
import type { Session } from './session.ts';

/** "You are": one radio per person of the sandbox, named by role. */
export function drawIdentity(root: HTMLElement, session: Session, onChoose: (userId: string) => void): void {
  const people = (session.state?.users ?? []).filter((user) => user.id !== session.state?.botId);
  const choices = people.map((user) => {
    const input = el('input', { type: 'radio', name: 'identity', value: user.id, onchange: () => onChoose(user.id) });
    input.checked = user.id === session.as;
    return el('label', { title: user.name }, input, el('span', {}, user.role));
  });
  const label = el('span', { class: 'bar-label', id: 'identity-label' }, 'You are');
  fill(
    root,
    label,
    el('div', { class: 'segments', role: 'radiogroup', 'aria-labelledby': 'identity-label' }, ...choices),
  );
}
