/** Opens and closes a menu from its button, and moves through its items as a desktop menu does. */
export function steerMenu(root: HTMLElement, button: HTMLElement, menu: HTMLElement): { close(): void } {
  const items = (): HTMLElement[] => [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  const isOpen = (): boolean => !menu.hidden;

  function set(open: boolean): void {
    menu.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
  }

  function open(at: number): void {
    set(true);
    items().at(at)?.focus();
  }

  function close(): void {
    if (!isOpen()) return;
    set(false);
    button.focus();
  }

  function step(by: number): void {
    const all = items();
    const at = all.findIndex((item) => item.matches(':focus'));
    all.at((at + by + all.length) % all.length)?.focus();
  }

  function jumpTo(letter: string): void {
    const all = items();
    const at = all.findIndex((item) => item.matches(':focus'));
    const found = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((item) =>
      item.textContent?.trim().toLowerCase().startsWith(letter.toLowerCase()),
    );
    found?.focus();
  }

  button.addEventListener('click', () => (isOpen() ? close() : open(0)));
  button.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    open(event.key === 'ArrowDown' ? 0 : -1);
  });
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Home') items().at(0)?.focus();
    else if (event.key === 'End') items().at(-1)?.focus();
    else if (event.key === 'Escape') close();
    else if (event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey) jumpTo(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  // Tab leaves; a click beside the menu must not have its focus taken back
  root.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Node && !root.contains(event.relatedTarget)) set(false);
  });
  document.addEventListener('pointerdown', (event) => {
    if (isOpen() && event.target instanceof Node && !root.contains(event.target)) set(false);
  });
  return { close };
}
