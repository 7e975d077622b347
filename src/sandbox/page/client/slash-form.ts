import type { Actions } from './actions.ts';
import { el, fill } from './element.ts';
import { icon } from './icon.ts';
import type { ListEntry } from './listbox.ts';
import { type SlashEntry, type SlashField, slashRequest } from './slash.ts';
import { type FieldChip, fieldChip } from './slash-field.ts';
import type { Suggestions } from './suggestions.ts';

const SUGGEST_AFTER_MS = 70;

interface Deps {
  readonly root: HTMLElement;
  readonly popup: Suggestions;
  readonly actions: Pick<Actions, 'slash' | 'suggest'>;
  /** Members and channels for options of those kinds. */
  readonly known: (kind: SlashField['kind']) => readonly ListEntry[];
  /** The form is finished with: sent (no text), or given back as text to edit. */
  readonly onLeave: (text: string) => void;
  readonly complain: (text: string) => void;
}

/** The composer while one command's options are filled in; everything by keyboard, Enter sends. */
export interface SlashForm {
  pick(entry: ListEntry): void;
  send(): Promise<void>;
  focus(): void;
  /** Begins the first option that is still closed, with this text. */
  type(text: string): void;
  leave(text: string): void;
}

/** Opens the form for `entry` with the options given so far. */
export function openSlashForm(entry: SlashEntry, given: ReadonlyMap<string, string>, deps: Deps): SlashForm {
  const { root, popup, actions } = deps;
  const chips = new Map<string, FieldChip>();
  const line = el('div', { class: 'slash-line', role: 'group', 'aria-label': `/${entry.path}` });
  let current: FieldChip | undefined;
  let asked = 0;
  /** The text that the list on screen was made for: an older list must not decide. */
  let listedFor: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let sending = false;
  /** Enter came before the list for the text: it counts when the list is there. */
  let entered = false;

  const values = (): Map<string, string> => new Map([...chips].map(([name, chip]) => [name, chip.value()]));
  const title = (field: SlashField): (Node | string)[] => [
    el('strong', {}, field.name),
    el('span', {}, field.description),
    el('em', {}, field.required ? 'required' : 'optional'),
  ];

  function list(chip: FieldChip, entries: readonly ListEntry[]): void {
    if (current !== chip) return;
    listedFor = chip.input.value;
    const typed = chip.input.value.trim().toLowerCase();
    const exact = entries.findIndex((one) => one.value.toLowerCase() === typed || one.label.toLowerCase() === typed);
    // an untouched optional field is left empty, not filled with the first suggestion
    const first = typed === '' && !chip.field.required ? -1 : 0;
    popup.show(chip.input, title(chip.field), entries, Math.max(first, exact));
    if (entered) confirm(chip);
  }

  async function suggest(chip: FieldChip): Promise<void> {
    asked += 1;
    const turn = asked;
    const { command, options } = slashRequest(entry, values(), true);
    const found = await actions.suggest(command, options, chip.field.name);
    if (turn === asked) list(chip, found);
  }

  function refresh(chip: FieldChip): void {
    clearTimeout(timer);
    const typed = chip.input.value.trim().toLowerCase();
    const fixed = chip.field.choices.length > 0 ? chip.field.choices : deps.known(chip.field.kind);
    const isPicked = chip.value() !== chip.input.value;
    if (chip.field.autocomplete) {
      if (listedFor === undefined) popup.show(chip.input, title(chip.field), []);
      timer = setTimeout(() => void suggest(chip), SUGGEST_AFTER_MS);
    } else {
      list(chip, isPicked ? fixed : fixed.filter((one) => one.label.toLowerCase().includes(typed)));
    }
  }

  function enter(chip: FieldChip): void {
    current = chip;
    listedFor = undefined;
    refresh(chip);
  }

  function add(field: SlashField, text: string): FieldChip {
    const chip = fieldChip(field, text, popup.listId);
    chips.set(field.name, chip);
    chip.input.addEventListener('focus', () => enter(chip));
    chip.input.addEventListener('blur', () => {
      clearTimeout(timer);
      asked += 1;
      if (current === chip) current = undefined;
      entered = false;
      popup.hide();
    });
    chip.input.addEventListener('input', () => {
      entered = false;
      chip.mark(false);
      refresh(chip);
    });
    chip.input.addEventListener('keydown', (event) => onKey(event, chip));
    return chip;
  }

  function draw(): void {
    const active = document.activeElement;
    const optional = entry.fields.filter((field) => !chips.has(field.name));
    const ghosts = optional.map((field) =>
      el(
        'button',
        {
          type: 'button',
          class: 'chip ghost',
          title: field.description,
          'aria-label': `Add option ${field.name}`,
          onclick: () => reveal(field),
        },
        field.name,
      ),
    );
    fill(
      line,
      el('span', { class: 'slash-name' }, `/${entry.path}`),
      ...[...chips.values()].map((chip) => chip.element),
      ...ghosts,
    );
    if (active instanceof HTMLElement && line.contains(active)) active.focus();
  }

  function reveal(field: SlashField, text = ''): void {
    const chip = add(field, text);
    draw();
    chip.input.focus();
  }

  const nextEmpty = (): FieldChip | undefined =>
    [...chips.values()].find((chip) => chip.field.required && chip.input.value === '');

  function pick(choice: ListEntry): void {
    if (!current) return;
    current.set(choice);
    current.mark(false);
    const next = nextEmpty();
    if (next && next !== current) next.input.focus();
    else {
      listedFor = current.input.value;
      asked += 1;
      clearTimeout(timer);
      popup.show(current.input, title(current.field), []);
    }
  }

  function leave(text: string): void {
    clearTimeout(timer);
    popup.hide();
    root.hidden = true;
    deps.onLeave(text);
  }

  async function send(): Promise<void> {
    if (sending) return;
    const { command, options, problem } = slashRequest(entry, values());
    if (problem) {
      const chip = chips.get(problem.field);
      chip?.mark(true);
      chip?.input.focus();
      deps.complain(problem.text);
      return;
    }
    sending = true;
    const refusal = await actions.slash(entry.path, command, options);
    sending = false;
    if (refusal) deps.complain(refusal);
    else leave('');
  }

  function undecided(chip: FieldChip): ListEntry | undefined {
    const choice = popup.current;
    const text = chip.input.value;
    const decided = text === choice?.label || text.toLowerCase() === choice?.value.toLowerCase();
    return decided || listedFor !== text ? undefined : choice;
  }

  function confirm(chip: FieldChip): void {
    entered = false;
    const choice = undecided(chip);
    if (choice) pick(choice);
    else void send();
  }

  function onKey(event: KeyboardEvent, chip: FieldChip): void {
    const choice = undecided(chip);
    if (event.key === 'ArrowDown' && popup.isOpen) popup.move(1);
    else if (event.key === 'ArrowUp' && popup.isOpen) popup.move(-1);
    else if (event.key === 'Enter' && !event.isComposing) {
      if (chip.field.autocomplete && listedFor !== chip.input.value) entered = true;
      else confirm(chip);
    } else if (event.key === 'Tab' && !event.shiftKey && choice) pick(choice);
    else if (event.key === 'Escape') {
      if (popup.isOpen) popup.hide();
      else leave('');
    } else if (event.key === 'Backspace' && chip.input.value === '') {
      back(chip);
    } else return;
    event.preventDefault();
  }

  function back(chip: FieldChip): void {
    const order = [...chips.values()];
    const previous = order[order.indexOf(chip) - 1];
    if (!chip.field.required) {
      chips.delete(chip.field.name);
      draw();
    }
    if (previous) previous.input.focus();
    else leave(`/${entry.path}`);
  }

  for (const field of entry.fields) {
    const text = given.get(field.name);
    if (field.required || text !== undefined) add(field, text ?? '');
  }
  draw();
  const cancel = el(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': 'Cancel command', onclick: () => leave('') },
    icon('close'),
  );
  fill(root, line, cancel);
  root.hidden = false;

  return {
    pick,
    send,
    leave,
    focus: () => (nextEmpty() ?? [...chips.values()][0])?.input.focus(),
    type(text) {
      const field = entry.fields.find((one) => !chips.has(one.name));
      if (field) reveal(field, text);
    },
  };
}
