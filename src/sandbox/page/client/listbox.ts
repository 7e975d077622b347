import { el, freshId } from './element.ts';
import { icon } from './icon.ts';

export interface ListEntry {
  readonly label: string;
  readonly value: string;
  readonly description?: string | undefined;
  /** Small text at the right end. */
  readonly hint?: string | undefined;
}

/** A popup list steered from another element: the owner keeps the focus, this keeps the highlighted entry. */
export class Listbox {
  readonly element: HTMLElement;
  readonly #onPick: (entry: ListEntry) => void;
  #entries: readonly ListEntry[] = [];
  #chosen: readonly string[] = [];
  #at = -1;

  constructor(label: string, onPick: (entry: ListEntry) => void) {
    this.#onPick = onPick;
    this.element = el('ul', { class: 'listbox', role: 'listbox', 'aria-label': label, id: freshId('list') });
    // the press must not take the focus from the input that owns the list
    this.element.addEventListener('mousedown', (event) => event.preventDefault());
  }

  get size(): number {
    return this.#entries.length;
  }

  get current(): ListEntry | undefined {
    return this.#entries[this.#at];
  }

  /** Id of the highlighted entry for `aria-activedescendant`. */
  get currentId(): string | undefined {
    return this.current && `${this.element.id}-${this.#at}`;
  }

  show(entries: readonly ListEntry[], highlighted = 0, chosen: readonly string[] = []): void {
    this.#entries = entries;
    this.#chosen = chosen;
    this.#at = Math.min(highlighted, entries.length - 1);
    this.element.replaceChildren(...entries.map((entry, at) => this.#row(entry, at)));
    this.#mark();
  }

  /** Moves the highlight, around the ends. */
  move(step: number): void {
    const count = this.#entries.length;
    if (count === 0) return;
    this.#at = this.#at < 0 ? (step > 0 ? 0 : count - 1) : (this.#at + step + count) % count;
    this.#mark();
    this.element.children[this.#at]?.scrollIntoView({ block: 'nearest' });
  }

  #row(entry: ListEntry, at: number): HTMLElement {
    const chosen = this.#chosen.includes(entry.value);
    return el(
      'li',
      {
        role: 'option',
        id: `${this.element.id}-${at}`,
        'aria-selected': 'false',
        class: chosen ? 'chosen' : '',
        onclick: () => this.#onPick(entry),
        onmousemove: () => {
          if (this.#at === at) return;
          this.#at = at;
          this.#mark();
        },
      },
      el(
        'span',
        { class: 'option-text' },
        el('span', { class: 'option-label' }, entry.label),
        entry.description ? el('span', { class: 'option-description' }, entry.description) : undefined,
      ),
      entry.hint ? el('span', { class: 'option-hint' }, entry.hint) : undefined,
      chosen && icon('check'),
    );
  }

  #mark(): void {
    for (const [at, row] of [...this.element.children].entries()) {
      row.classList.toggle('highlighted', at === this.#at);
      row.setAttribute(
        'aria-selected',
        String(at === this.#at || this.#chosen.includes(this.#entries[at]?.value ?? '')),
      );
    }
  }
}
