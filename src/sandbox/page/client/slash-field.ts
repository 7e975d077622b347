import { el } from './element.ts';
import type { ListEntry } from './listbox.ts';
import type { SlashField } from './slash.ts';

/** One option of a slash command in the composer: a labelled input that keeps the value behind a chosen label. */
export interface FieldChip {
  readonly field: SlashField;
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  /** What is sent: the chosen entry's value, else the text. */
  value(): string;
  set(entry: ListEntry): void;
  mark(problem: boolean): void;
}

/** An input chip for `field`; `initial` is text as typed. */
export function fieldChip(field: SlashField, initial: string, listId: string): FieldChip {
  let picked: ListEntry | undefined = field.choices.find((choice) => choice.value === initial);
  const input = el('input', {
    role: 'combobox',
    'aria-label': `${field.name}${field.required ? ' (required)' : ''}`,
    'aria-autocomplete': 'list',
    'aria-expanded': 'false',
    'aria-controls': listId,
    'aria-required': String(field.required),
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    enterkeyhint: 'send',
    'data-field': field.name,
  });
  input.value = picked?.label ?? initial;
  const element = el(
    'label',
    { class: 'chip' },
    el('span', { class: 'chip-name', 'aria-hidden': 'true' }, field.name),
    input,
  );
  return {
    field,
    element,
    input,
    value: () => (picked && picked.label === input.value ? picked.value : input.value),
    set(entry) {
      picked = entry;
      input.value = entry.label;
    },
    mark(problem) {
      element.classList.toggle('wrong', problem);
      if (problem) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    },
  };
}
