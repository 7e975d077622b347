import type { CardAction } from '../cards/card.ts';
import type { CommandDefinition } from '../command.ts';

/** What a press does with the message it sits on: replaces it, answers below it, or ends a form. */
export type PressMode = 'update' | 'reply' | 'form';

export interface Press {
  readonly mode: PressMode;
  readonly action: CardAction;
  /** Where a select's chosen value goes in the input. */
  readonly key?: string;
}

const VERSION = '1';
const LONGEST = 100;
const LETTERS: Record<PressMode, string> = { update: 'u', reply: 'r', form: 'm' };
const MODES = new Map(Object.entries(LETTERS).map(([mode, letter]) => [letter, mode as PressMode]));

/** A press as a Discord id that needs no memory of ours, `1r|price||symbol=AAPL`; undefined when it has no room in 100 characters. */
export function encodePress({ mode, action, key = '' }: Press, copy = 0): string | undefined {
  const pairs = Object.entries(action.input).map(([name, value]) => `${escaped(name)}=${typed(value)}`);
  const parts = [VERSION + LETTERS[mode], escaped(action.command), escaped(key), pairs.join('&')];
  const id = copy === 0 ? parts.join('|') : [...parts, copy].join('|');
  return id.length <= LONGEST ? id : undefined;
}

/** The press behind an id; undefined for another version's or a stranger's. */
export function decodePress(id: string): Press | undefined {
  const [head = '', command = '', key = '', pairs = ''] = id.split('|');
  const mode = MODES.get(head.slice(VERSION.length));
  if (!head.startsWith(VERSION) || mode === undefined || command === '') return undefined;
  const action = { command: unescaped(command), input: inputOf(pairs) };
  return key === '' ? { mode, action } : { mode, action, key: unescaped(key) };
}

/** The sentence for a button that no longer works, with the command to ask again where the old id still tells it. */
export function outdatedSentence(id: string, commands: readonly Pick<CommandDefinition, 'name' | 'slash'>[]): string {
  const [, name = '', , pairs = ''] = id.split('|');
  const slash = commands.find((command) => command.name === unescaped(name))?.slash;
  const { symbol } = inputOf(pairs);
  const again = slash === undefined ? '/help' : `/${slash}${typeof symbol === 'string' ? ` ${symbol}` : ''}`;
  return `This button is from an older card. Ask again with ${again}.`;
}

function inputOf(pairs: string): Record<string, string | number | boolean> {
  const entries = pairs
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [unescaped(name), untyped(value)] as const;
    });
  return Object.fromEntries(entries);
}

function typed(value: string | number | boolean): string {
  if (typeof value === 'number') return `#${value}`;
  if (typeof value === 'boolean') return value ? '!1' : '!0';
  // a string that begins like a number or a flag is marked as a string
  return /^[#!']/.test(value) ? `'${escaped(value)}` : escaped(value);
}

function untyped(value: string): string | number | boolean {
  if (value.startsWith('#')) return Number(value.slice(1));
  if (value.startsWith('!')) return value === '!1';
  return unescaped(value.startsWith("'") ? value.slice(1) : value);
}

function escaped(text: string): string {
  return text.replace(/[%&=|]/g, encodeURIComponent);
}

function unescaped(text: string): string {
  return text.replace(/%(?:25|26|3D|7C)/g, decodeURIComponent);
}
