import { el, fill } from './element.ts';
import { Listbox, type ListEntry } from './listbox.ts';

/** The popup over the composer: one line of advice and a list that the focused input steers. */
export class Suggestions {
  readonly #root: HTMLElement;
  readonly #title = el('div', { class: 'popup-title' });
  readonly #list: Listbox;
  #owner: HTMLElement | undefined;

  constructor(root: HTMLElement, onPick: (entry: ListEntry) => void) {
    this.#root = root;
    this.#list = new Listbox('Suggestions', onPick);
    fill(root, this.#title, this.#list.element);
    root.hidden = true;
  }

  get listId(): string {
    return this.#list.element.id;
  }

  get current(): ListEntry | undefined {
    return this.#root.hidden ? undefined : this.#list.current;
  }

  get isOpen(): boolean {
    return !this.#root.hidden && this.#list.size > 0;
  }

  show(owner: HTMLElement, title: readonly (Node | string)[], entries: readonly ListEntry[], highlighted = 0): void {
    if (this.#owner !== owner) this.hide();
    this.#owner = owner;
    fill(this.#title, ...title);
    this.#title.hidden = title.length === 0;
    this.#list.show(entries, highlighted);
    this.#list.element.hidden = entries.length === 0;
    this.#root.hidden = entries.length === 0 && title.length === 0;
    owner.setAttribute('aria-expanded', String(entries.length > 0));
    this.#announce();
  }

  move(step: number): void {
    this.#list.move(step);
    this.#announce();
  }

  hide(): void {
    this.#root.hidden = true;
    this.#owner?.setAttribute('aria-expanded', 'false');
    this.#owner?.removeAttribute('aria-activedescendant');
    this.#owner = undefined;
    this.#list.show([]);
  }

  #announce(): void {
    const id = this.#list.currentId;
    if (id) this.#owner?.setAttribute('aria-activedescendant', id);
    else this.#owner?.removeAttribute('aria-activedescendant');
  }
}
