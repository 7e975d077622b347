export type Child = Node | string | undefined | false;

type Props = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;

/** One DOM element: `on...` props are listeners, true/false sets or leaves an attribute; text is never parsed as HTML. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (name === 'class') element.className = String(value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

/** Adds the children that exist. */
function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child !== undefined && child !== false)
      parent.appendChild(typeof child === 'string' ? document.createTextNode(child) : child);
  }
}

/** Replaces all that `parent` holds. */
export function fill(parent: Element, ...children: readonly Child[]): void {
  parent.replaceChildren();
  append(parent, children);
}

let nextId = 0;

/** A fresh element id for `aria-controls` and friends. */
export function freshId(prefix: string): string {
  nextId += 1;
  return `${prefix}-${nextId}`;
}

/** The page's fixed elements exist by construction of `index.html`; a missing one is a bug. */
export function part<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`index.html has no ${type.name} with id "${id}"`);
  return found;
}
