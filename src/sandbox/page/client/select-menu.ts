import { el } from './element.ts';
import { icon } from './icon.ts';
import { Listbox, type ListEntry } from './listbox.ts';

export interface SelectMenu {
  /** Accessible name and text while nothing is chosen. */
  readonly placeholder: string;
  readonly label?: string | undefined;
  readonly options: readonly ListEntry[];
  readonly chosen: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly disabled: boolean;
  readonly waiting: boolean;
  readonly key?: string | undefined;
  /** The choice is complete: at once when one may be chosen, on closing when several may. */
  readonly onChoose: (values: readonly string[]) => void;
}

/** Discord's select menu: a button that opens a list, by mouse and by keyboard. */
export function selectMenu(menu: SelectMenu): HTMLElement {
  const many = menu.max > 1;
  let chosen = [...menu.chosen];
  let typed = '';
  let typedAt = 0;
  const text = el('span', { class: 'select-text' });
  const face = el(
    'button',
    {
      type: 'button',
      class: menu.waiting ? 'select waiting' : 'select',
      role: 'combobox',
      'aria-haspopup': 'listbox',
      'aria-expanded': 'false',
      'aria-label': menu.label ?? menu.placeholder,
      'aria-disabled': menu.waiting ? 'true' : undefined,
      'data-key': menu.key,
      disabled: menu.disabled,
    },
    text,
    menu.waiting ? el('span', { class: 'spinner' }) : icon('chevron'),
  );
  const list = new Listbox(menu.placeholder, pick);
  list.element.setAttribute('popover', 'manual');
  list.element.classList.add('floating');
  if (many) list.element.setAttribute('aria-multiselectable', 'true');

  function paint(): void {
    const labels = menu.options.filter((option) => chosen.includes(option.value)).map((option) => option.label);
    text.textContent = labels.join(', ') || menu.placeholder;
    face.classList.toggle('empty', labels.length === 0);
  }

  function pick(entry: ListEntry): void {
    if (!many) {
      chosen = [entry.value];
      paint();
      close();
      menu.onChoose(chosen);
      return;
    }
    const rest = chosen.filter((value) => value !== entry.value);
    if (rest.length < chosen.length) chosen = rest;
    else if (chosen.length < menu.max) chosen = [...chosen, entry.value];
    paint();
    list.show(menu.options, menu.options.indexOf(entry), chosen);
  }

  const isOpen = (): boolean => face.getAttribute('aria-expanded') === 'true';

  function place(): void {
    const box = face.getBoundingClientRect();
    const below = window.innerHeight - box.bottom - 12;
    const upwards = below < 220 && box.top > below;
    list.element.style.setProperty('left', `${box.left}px`);
    list.element.style.setProperty('width', `${box.width}px`);
    list.element.style.setProperty('max-height', `${Math.min(320, upwards ? box.top - 12 : below)}px`);
    list.element.style.setProperty('top', upwards ? 'auto' : `${box.bottom + 4}px`);
    list.element.style.setProperty('bottom', upwards ? `${window.innerHeight - box.top + 4}px` : 'auto');
  }

  function open(): void {
    if (menu.disabled || menu.waiting || isOpen()) return;
    (face.closest('dialog') ?? document.body).append(list.element);
    list.show(
      menu.options,
      Math.max(
        0,
        menu.options.findIndex((option) => chosen.includes(option.value)),
      ),
      chosen,
    );
    list.element.showPopover();
    place();
    face.setAttribute('aria-expanded', 'true');
    face.setAttribute('aria-controls', list.element.id);
    highlight();
    requestAnimationFrame(follow);
  }

  function close(): void {
    if (!isOpen()) return;
    face.setAttribute('aria-expanded', 'false');
    face.removeAttribute('aria-activedescendant');
    list.element.remove();
    if (many && chosen.join() !== menu.chosen.join() && chosen.length >= menu.min) menu.onChoose(chosen);
  }

  /** Stays with its button while the page moves, and goes when the message is drawn anew. */
  function follow(): void {
    if (!isOpen()) return;
    if (!face.isConnected) close();
    else place();
    requestAnimationFrame(follow);
  }

  function highlight(): void {
    const id = list.currentId;
    if (id) face.setAttribute('aria-activedescendant', id);
  }

  function jumpTo(letter: string): void {
    const now = performance.now();
    typed = now - typedAt > 700 ? letter : typed + letter;
    typedAt = now;
    const found = menu.options.findIndex((option) => option.label.toLowerCase().startsWith(typed.toLowerCase()));
    if (found >= 0) list.show(menu.options, found, chosen);
  }

  face.addEventListener('click', () => (isOpen() ? close() : open()));
  face.addEventListener('blur', close);
  face.addEventListener('keydown', (event) => {
    if (!isOpen()) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        open();
      }
      return;
    }
    const entry = list.current;
    if (event.key === 'ArrowDown') list.move(1);
    else if (event.key === 'ArrowUp') list.move(-1);
    else if (event.key === 'Escape') close();
    else if ((event.key === 'Enter' || event.key === ' ') && entry) pick(entry);
    else if (event.key.length === 1) jumpTo(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
    if (isOpen()) highlight();
  });
  paint();
  return face;
}
