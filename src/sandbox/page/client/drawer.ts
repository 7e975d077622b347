/** On a narrow window the channel list slides over the messages; the returned function closes it. */
export function createDrawer(toggle: HTMLElement, panel: HTMLElement, backdrop: HTMLElement): () => void {
  const narrow = matchMedia('(max-width: 760px)');

  function set(open: boolean): void {
    document.body.classList.toggle('drawer-open', open);
    toggle.setAttribute('aria-expanded', String(open));
    backdrop.hidden = !open;
    // a closed drawer must not be reachable by Tab
    panel.inert = narrow.matches && !open;
    if (open) panel.querySelector<HTMLElement>('[aria-current], a')?.focus();
  }

  const close = (): void => {
    if (!document.body.classList.contains('drawer-open')) return;
    set(false);
    toggle.focus();
  };
  toggle.addEventListener('click', () => set(!document.body.classList.contains('drawer-open')));
  backdrop.addEventListener('click', close);
  panel.addEventListener('keydown', (event) => event.key === 'Escape' && close());
  narrow.addEventListener('change', () => set(false));
  set(false);
  return close;
}
