import type { PersonFault } from '../../discord/person-api.ts';
import type { Actions } from './actions.ts';
import { el, fill, freshId } from './element.ts';
import { icon } from './icon.ts';
import { steerMenu } from './menu-keys.ts';
import type { Session } from './session.ts';

const GROUPS = { market: 'Market data', discord: 'Discord' } as const;

interface Row {
  readonly item: HTMLElement;
  readonly mark: HTMLElement;
}

/** "Faults" in the top bar: a menu of what can be broken on purpose; `sync` takes a new state. */
export function createFaultMenu(
  session: Session,
  actions: Pick<Actions, 'fault'>,
  root: HTMLElement,
  complain: (text: string) => void,
): { sync(): void } {
  const menu = el('div', { class: 'fault-menu', role: 'menu', id: freshId('faults'), 'aria-label': 'Faults' });
  const count = el('span', { class: 'fault-count' });
  const button = el(
    'button',
    {
      type: 'button',
      class: 'bar-button',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'aria-controls': menu.id,
    },
    icon('warn'),
    'Faults',
    count,
  );
  menu.hidden = true;
  fill(root, button, menu);
  const keys = steerMenu(root, button, menu);
  let rows = new Map<string, Row>();

  const faults = (): readonly PersonFault[] => session.state?.faults ?? [];

  async function turn(key: string, on: boolean): Promise<void> {
    const refusal = await actions.fault(key, on);
    if (refusal) complain(refusal);
  }

  function choose(key: string): void {
    const fault = faults().find((one) => one.key === key);
    if (!fault) return;
    // what happens once is watched on the page, what stays is compared in the menu
    if (fault.kind === 'once') keys.close();
    void turn(key, !fault.on);
  }

  async function heal(): Promise<void> {
    for (const fault of faults()) if (fault.on) await turn(fault.key, false);
  }

  const healAll = el(
    'button',
    { type: 'button', role: 'menuitem', class: 'fault heal', tabindex: -1 },
    'Heal everything',
  );
  healAll.addEventListener('click', () => {
    if (healAll.getAttribute('aria-disabled') === 'true') return;
    keys.close();
    void heal();
  });

  function row(fault: PersonFault): HTMLElement {
    const [label, hint] = [freshId('fault'), freshId('fault')];
    const mark = el('span', { class: 'fault-mark' });
    const item = el(
      'button',
      {
        type: 'button',
        class: 'fault',
        role: fault.kind === 'switch' ? 'menuitemcheckbox' : 'menuitem',
        'aria-labelledby': label,
        'aria-describedby': hint,
        tabindex: -1,
        onclick: () => choose(fault.key),
      },
      el(
        'span',
        { class: 'fault-text' },
        el('span', { class: 'fault-label', id: label }, fault.label),
        el('span', { class: 'fault-hint', id: hint }, fault.hint),
      ),
      mark,
    );
    rows.set(fault.key, { item, mark });
    return item;
  }

  function build(): void {
    rows = new Map();
    const groups = Object.entries(GROUPS).map(([name, title]) => {
      const own = faults().filter((fault) => fault.group === name);
      const heading = el('div', { class: 'fault-group', 'aria-hidden': 'true' }, title);
      return own.length > 0 && el('div', { role: 'group', 'aria-label': title }, heading, ...own.map(row));
    });
    fill(menu, ...groups, el('div', { class: 'fault-foot' }, healAll));
  }

  function sync(): void {
    const list = faults();
    root.hidden = list.length === 0;
    if (list.length !== rows.size || list.some((fault) => !rows.has(fault.key))) build();
    for (const { key, kind, on } of list) {
      const known = rows.get(key);
      if (!known) continue;
      if (kind === 'switch') known.item.setAttribute('aria-checked', String(on));
      known.item.classList.toggle('active', on);
      if (kind === 'switch') known.mark.classList.add('fault-switch');
      else known.mark.textContent = on ? 'waiting' : '';
    }
    const active = list.filter((fault) => fault.on).length;
    fill(count, active > 0 && String(active), active > 0 && el('span', { class: 'unseen' }, ' active'));
    count.hidden = active === 0;
    healAll.setAttribute('aria-disabled', String(active === 0));
  }

  return { sync };
}
