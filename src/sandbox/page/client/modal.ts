import type { APIModalInteractionResponseCallbackData } from 'discord-api-types/v10';
import type { Actions } from './actions.ts';
import { optionsOf } from './components.ts';
import { el, fill, freshId } from './element.ts';
import { icon } from './icon.ts';
import { markdown } from './markdown-view.ts';
import type { Reader } from './reader.ts';
import { selectMenu } from './select-menu.ts';

type Part = APIModalInteractionResponseCallbackData['components'][number];
type Labelled = Extract<Part, { type: 18 }>['component'];
type TextInput = Extract<Labelled, { type: 4 }>;

interface Answers {
  readonly values: Map<string, () => string>;
  /** First problem in words, with the element to look at. */
  readonly checks: (() => { readonly text: string; readonly at: HTMLElement } | undefined)[];
}

function labelled(
  label: string,
  description: string | undefined,
  required: boolean,
  id: string,
  control: HTMLElement,
): HTMLElement {
  const star = required && el('span', { class: 'star', title: 'required' }, '*');
  const about = description ? el('p', { class: 'field-description', id: `${id}-about` }, description) : undefined;
  if (about) control.setAttribute('aria-describedby', `${id}-about`);
  return el('div', { class: 'field' }, el('label', { for: id }, label, star), about, control);
}

function textInput(data: TextInput, label: string, description: string | undefined, answers: Answers): HTMLElement {
  const id = freshId('field');
  const required = data.required ?? true;
  const shared = {
    id,
    name: data.custom_id,
    placeholder: data.placeholder,
    minlength: data.min_length,
    maxlength: data.max_length,
    required,
  };
  const control =
    data.style === 2
      ? el('textarea', { ...shared, rows: 4 })
      : el('input', { ...shared, type: 'text', autocomplete: 'off' });
  control.value = data.value ?? '';
  answers.values.set(data.custom_id, () => control.value);
  answers.checks.push(() => {
    const length = control.value.trim().length;
    if (required && length === 0) return { text: `${label} is required`, at: control };
    if (length > 0 && length < (data.min_length ?? 0))
      return { text: `${label} needs at least ${data.min_length} characters`, at: control };
    return undefined;
  });
  return labelled(label, description, required, id, control);
}

function labelPart(data: Extract<Part, { type: 18 }>, reader: Reader, answers: Answers): HTMLElement {
  const inner = data.component;
  if (inner.type === 4) return textInput(inner, data.label, data.description, answers);
  if (inner.type !== 3 && inner.type !== 5 && inner.type !== 6 && inner.type !== 7 && inner.type !== 8) {
    return el('p', { class: 'unknown' }, `${data.label}: this field cannot be shown here.`);
  }
  const required = inner.required ?? true;
  let chosen: readonly string[] =
    inner.type === 3 ? inner.options.filter((option) => option.default).map((option) => option.value) : [];
  const control = selectMenu({
    placeholder: inner.placeholder ?? 'Make a selection',
    label: data.label,
    options: optionsOf(inner, reader),
    chosen,
    min: inner.min_values ?? 1,
    max: inner.max_values ?? 1,
    disabled: false,
    waiting: false,
    onChoose: (values) => {
      chosen = values;
    },
  });
  control.id = freshId('field');
  answers.values.set(inner.custom_id, () => chosen.join(','));
  answers.checks.push(() =>
    required && chosen.length === 0 ? { text: `${data.label} is required`, at: control } : undefined,
  );
  return labelled(data.label, data.description, required, control.id, control);
}

function part(data: Part, reader: Reader, answers: Answers): HTMLElement {
  if (data.type === 18) return labelPart(data, reader, answers);
  if (data.type === 10) return markdown(data.content, reader);
  const inputs = data.components.flatMap((one) =>
    one.type === 4 ? [textInput(one, one.label ?? one.custom_id, undefined, answers)] : [],
  );
  return el('div', {}, ...inputs);
}

/** Opens a bot's modal; the focus stays inside until it is sent or closed. The returned function closes it. */
export function openModal(
  modalId: string,
  data: APIModalInteractionResponseCallbackData,
  reader: Reader,
  actions: Pick<Actions, 'submit'>,
): () => void {
  const answers: Answers = { values: new Map(), checks: [] };
  const title = freshId('modal');
  const problem = el('p', { class: 'modal-problem', role: 'alert' });
  const send = el('button', { type: 'submit', class: 'button button-primary' }, el('span', {}, 'Submit'));
  const close = (): void => dialog.close();
  const form = el(
    'form',
    { novalidate: true },
    el(
      'header',
      {},
      el('h2', { id: title }, data.title),
      el('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: close }, icon('close')),
    ),
    el('div', { class: 'modal-fields' }, ...data.components.map((one) => part(one, reader, answers))),
    problem,
    el('footer', {}, el('button', { type: 'button', class: 'button button-quiet', onclick: close }, 'Cancel'), send),
  );
  const dialog = el('dialog', { class: 'modal', 'aria-labelledby': title }, form);

  async function submit(): Promise<void> {
    const wrong = answers.checks.map((check) => check()).find((found) => found !== undefined);
    fill(problem, wrong?.text);
    if (wrong) return wrong.at.focus();
    send.disabled = true;
    const refusal = await actions.submit(
      modalId,
      Object.fromEntries([...answers.values].map(([id, value]) => [id, value()])),
    );
    send.disabled = false;
    if (refusal) fill(problem, refusal);
    else close();
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector<HTMLElement>('.field input, .field textarea, .field button')?.focus();
  return close;
}
