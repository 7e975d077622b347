import type { Actions } from './actions.ts';
import { el } from './element.ts';
import { icon } from './icon.ts';
import type { ListEntry } from './listbox.ts';
import type { Session } from './session.ts';
import { matchEntries, readSlashLine, type SlashEntry, type SlashField, slashEntries } from './slash.ts';
import { openSlashForm, type SlashForm } from './slash-form.ts';
import { Suggestions } from './suggestions.ts';
import { isDirect } from './wire.ts';

const LONGEST = 2000;

interface Parts {
  readonly form: HTMLFormElement;
  readonly text: HTMLTextAreaElement;
  readonly slash: HTMLElement;
  readonly popup: HTMLElement;
  readonly hint: HTMLElement;
}

/** The message box: plain text, or a slash command once `/name` is complete. */
export function createComposer(
  session: Session,
  actions: Actions,
  parts: Parts,
  onSent: () => void,
): { sync(): void; start(path: string): void; complain(text: string): void } {
  const { form, text, hint } = parts;
  const popup = new Suggestions(parts.popup, (entry) => (slash ? slash.pick(entry) : choose(entry)));
  let slash: SlashForm | undefined;
  let entries: readonly SlashEntry[] = [];
  text.setAttribute('aria-controls', popup.listId);

  const complain = (said: string): void => {
    hint.textContent = said;
    hint.classList.toggle('wrong', said !== '');
  };

  const known = (kind: SlashField['kind']): readonly ListEntry[] => {
    if (kind === 'user') return (session.state?.users ?? []).map((user) => ({ label: user.name, value: user.id }));
    if (kind === 'channel')
      return (session.state?.channels ?? []).map((one) => ({ label: `#${one.name}`, value: one.id }));
    return [];
  };

  function openForm(entry: SlashEntry, values: ReadonlyMap<string, string>): SlashForm {
    popup.hide();
    complain('');
    text.value = '';
    text.hidden = true;
    form.classList.add('with-slash');
    slash = openSlashForm(entry, values, { root: parts.slash, popup, actions, known, complain, onLeave });
    if (entry.fields.length === 0 || (values.size === 0 && !entry.fields.some((field) => field.required)))
      ready.focus();
    else slash.focus();
    return slash;
  }

  function onLeave(back: string): void {
    slash = undefined;
    parts.slash.hidden = true;
    form.classList.remove('with-slash');
    text.hidden = false;
    text.value = back;
    complain('');
    text.focus();
    if (back) suggest();
    else onSent();
  }

  // where the focus rests when a command has nothing that must be filled in: Enter sends it
  const ready = el('button', { type: 'submit', class: 'send', 'aria-label': 'Send' }, icon('send'));
  form.append(ready);

  function choose(option: ListEntry): void {
    const entry = entries.find((one) => one.path === option.value);
    if (entry) openForm(entry, new Map());
  }

  /** A line that Enter may send as it stands: options given, or a command that needs none. */
  function isWhole(typed: string): boolean {
    const line = readSlashLine(typed.trim(), entries);
    return line !== undefined && (line.values.size > 0 || !line.entry.fields.some((field) => field.required));
  }

  function suggest(): void {
    const typed = text.value;
    if (!typed.startsWith('/') || typed.includes('\n')) {
      popup.hide();
      return;
    }
    const found = matchEntries(entries, typed.slice(1));
    const nothing = entries.length === 0 ? 'The bot has not registered its commands yet' : 'No command fits';
    const title =
      found.length > 0
        ? [el('strong', {}, 'Commands'), el('span', {}, session.nameOf(session.state?.botId ?? '') ?? 'Trading Coach')]
        : [nothing];
    const list = found.map((entry) => ({
      label: `/${entry.path}`,
      value: entry.path,
      description: entry.description,
      hint: entry.fields.map((field) => (field.required ? field.name : `${field.name}?`)).join('  '),
    }));
    popup.show(text, title, list);
  }

  function grow(): void {
    text.style.setProperty('height', 'auto');
    text.style.setProperty('height', `${Math.min(text.scrollHeight, 240)}px`);
  }

  async function sendText(): Promise<void> {
    const content = text.value.trim();
    if (content === '') return;
    const line = readSlashLine(content, entries);
    if (line) {
      await openForm(line.entry, line.values).send();
      return;
    }
    if (content.startsWith('/') && /^\/\w+$/.test(content) && entries.length > 0)
      return complain(`No command is called ${content}`);
    if (content.length > LONGEST) return complain(`${content.length} characters; a message holds ${LONGEST}`);
    text.value = '';
    grow();
    const refusal = await actions.say(content);
    if (refusal) {
      complain(refusal);
      text.value = content;
      grow();
    } else onSent();
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (slash) void slash.send();
    else void sendText();
  });
  form.addEventListener('keydown', (event) => {
    if (!slash || event.defaultPrevented || event.target instanceof HTMLInputElement) return;
    if (event.key === 'Escape') slash.leave('');
    else if (event.target === ready && event.key === 'Backspace') slash.leave('/');
    else if (event.target === ready && /^[\w.:]$/.test(event.key) && !event.ctrlKey && !event.metaKey)
      slash.type(event.key);
    else return;
    event.preventDefault();
  });
  text.addEventListener('input', () => {
    complain(text.value.length > LONGEST - 200 ? `${text.value.length} / ${LONGEST}` : '');
    grow();
    const typed = text.value;
    const entry =
      /\s$/.test(typed) && !typed.includes('\n') ? entries.find((one) => typed === `/${one.path} `) : undefined;
    if (entry && !entries.some((one) => one.path.startsWith(`${entry.path} `))) openForm(entry, new Map());
    else suggest();
  });
  text.addEventListener('blur', () => popup.hide());
  text.addEventListener('focus', () => text.value.startsWith('/') && suggest());
  text.addEventListener('keydown', (event) => {
    const option = popup.current;
    if (popup.isOpen && event.key === 'ArrowDown') popup.move(1);
    else if (popup.isOpen && event.key === 'ArrowUp') popup.move(-1);
    else if (popup.isOpen && option && (event.key === 'Tab' || event.key === 'Enter') && !event.shiftKey) {
      if (event.key === 'Enter' && isWhole(text.value)) void sendText();
      else choose(option);
    } else if (event.key === 'Escape' && popup.isOpen) popup.hide();
    else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) void sendText();
    else return;
    event.preventDefault();
  });

  return {
    sync() {
      entries = slashEntries(session.state?.commands ?? []);
      const channel = session.channel(session.activeId);
      const label = `Message ${channel?.parentId || (channel && isDirect(channel)) ? '' : '#'}${channel?.name ?? ''}`;
      text.setAttribute('aria-label', label);
      text.placeholder = label;
    },
    start(path) {
      const entry = entries.find((one) => one.path === path) ?? entries.find((one) => one.path.startsWith(`${path} `));
      if (entry) openForm(entry, new Map());
    },
    complain,
  };
}
