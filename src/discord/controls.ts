import {
  type APIActionRowComponent,
  type APIComponentInMessageActionRow,
  type APISelectMenuOption,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { Card, CardAction, CardButton, CardSelect } from '../cards/card.ts';
import { plainText, truncate } from '../cards/text.ts';
import { encodePress, type PressMode } from './custom-id.ts';
import { LIMIT } from './limits.ts';

export type ControlRow = APIActionRowComponent<APIComponentInMessageActionRow>;

const STYLES = {
  primary: ButtonStyle.Primary,
  secondary: ButtonStyle.Secondary,
  danger: ButtonStyle.Danger,
} as const;

/** A card's buttons in rows of five, then its select; `command` made the card, so its own buttons replace it. */
export function controlRows({ buttons = [], select }: Card, command: string | undefined): ControlRow[] {
  const idOf = createIds(command);
  const shownSelect = select && selectOf(select, idOf);
  const rows = LIMIT.rows - (shownSelect ? 1 : 0);
  const shown = buttons.slice(0, rows * LIMIT.rowButtons).map((button) => buttonOf(button, idOf));
  const buttonRows = Array.from({ length: Math.ceil(shown.length / LIMIT.rowButtons) }, (_, row) =>
    rowOf(shown.slice(row * LIMIT.rowButtons, (row + 1) * LIMIT.rowButtons)),
  );
  return shownSelect ? [...buttonRows, rowOf([shownSelect])] : buttonRows;
}

type Ids = (action: CardAction, key?: string) => string | undefined;

/** Ids are unique within a message: the same action twice gets a number. */
function createIds(command: string | undefined): Ids {
  const taken = new Set<string>();
  return (action, key) => {
    const mode: PressMode = action.command === command ? 'update' : 'reply';
    for (let copy = 0; ; copy += 1) {
      const id = encodePress(key === undefined ? { mode, action } : { mode, action, key }, copy);
      if (id === undefined) return undefined;
      if (taken.has(id)) continue;
      taken.add(id);
      return id;
    }
  };
}

function buttonOf({ label, style, action, disabled }: CardButton, idOf: Ids): APIComponentInMessageActionRow {
  const id = idOf(action);
  return {
    type: ComponentType.Button,
    style: STYLES[style],
    label: labelOf(label, LIMIT.buttonLabel),
    // an action that has no room in an id cannot be pressed
    custom_id: id ?? idOf({ command: 'too-long', input: {} }) ?? 'too-long',
    ...(disabled || id === undefined ? { disabled: true } : {}),
  };
}

function selectOf(
  { placeholder, action, key, options }: CardSelect,
  idOf: Ids,
): APIComponentInMessageActionRow | undefined {
  const id = idOf(action, key);
  const values = new Set<string>();
  const shown: APISelectMenuOption[] = [];
  for (const { label, value, description } of options) {
    if (value === '' || value.length > LIMIT.optionText || values.has(value)) continue;
    values.add(value);
    shown.push({
      label: labelOf(label, LIMIT.optionText),
      value,
      ...(description === undefined || plainText(description) === ''
        ? {}
        : { description: labelOf(description, LIMIT.optionText) }),
    });
  }
  if (id === undefined || shown.length === 0) return undefined;
  return {
    type: ComponentType.StringSelect,
    custom_id: id,
    placeholder: labelOf(placeholder, LIMIT.placeholder),
    options: shown.slice(0, LIMIT.selectOptions),
  };
}

function rowOf(components: APIComponentInMessageActionRow[]): ControlRow {
  return { type: ComponentType.ActionRow, components };
}

function labelOf(text: string, max: number): string {
  const plain = truncate(plainText(text), max);
  return plain === '' ? '…' : plain;
}
