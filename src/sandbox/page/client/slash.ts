import type { APIApplicationCommand, APIApplicationCommandOption } from 'discord-api-types/v10';
import type { SlashOption } from '../../discord/person-api.ts';
import type { ListEntry } from './listbox.ts';

type FieldKind = 'text' | 'integer' | 'number' | 'boolean' | 'user' | 'channel' | 'other';

export interface SlashField {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly kind: FieldKind;
  /** Fixed choices; empty when anything may be typed. */
  readonly choices: readonly ListEntry[];
  readonly autocomplete: boolean;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** One line of the command list: a command, or a subcommand with its whole path. */
export interface SlashEntry {
  /** `price` or `plan build`. */
  readonly path: string;
  readonly description: string;
  readonly fields: readonly SlashField[];
}

const KINDS: Readonly<Record<number, FieldKind>> = {
  3: 'text',
  4: 'integer',
  5: 'boolean',
  6: 'user',
  7: 'channel',
  10: 'number',
};
const YES_NO: readonly ListEntry[] = [
  { label: 'True', value: 'true' },
  { label: 'False', value: 'false' },
];

function fieldOf(option: APIApplicationCommandOption): SlashField {
  const kind = KINDS[option.type] ?? 'other';
  const choices = 'choices' in option ? (option.choices ?? []) : [];
  return {
    name: option.name,
    description: option.description,
    required: option.required ?? false,
    kind,
    choices: kind === 'boolean' ? YES_NO : choices.map((one) => ({ label: one.name, value: String(one.value) })),
    autocomplete: 'autocomplete' in option && option.autocomplete === true,
    min: 'min_value' in option ? option.min_value : undefined,
    max: 'max_value' in option ? option.max_value : undefined,
  };
}

function entriesUnder(
  path: string,
  description: string,
  options: readonly APIApplicationCommandOption[],
): SlashEntry[] {
  const below = options.filter((option) => option.type === 1 || option.type === 2);
  if (below.length === 0) return [{ path, description, fields: options.map(fieldOf) }];
  return below.flatMap((option) => entriesUnder(`${path} ${option.name}`, option.description, option.options ?? []));
}

/** Every slash command a person can start, subcommands spelled out, by name. */
export function slashEntries(commands: readonly APIApplicationCommand[]): SlashEntry[] {
  return commands
    .filter((command) => (command.type ?? 1) === 1)
    .flatMap((command) => entriesUnder(command.name, command.description, command.options ?? []))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Entries that fit what stands after the slash, best first: start of the path, start of a word, anywhere, description. */
export function matchEntries(entries: readonly SlashEntry[], typed: string): SlashEntry[] {
  const wanted = typed.trim().toLowerCase().replace(/\s+/g, ' ');
  const rank = (entry: SlashEntry): number => {
    if (entry.path.startsWith(wanted)) return 0;
    if (entry.path.includes(` ${wanted}`)) return 1;
    if (entry.path.includes(wanted)) return 2;
    return wanted.length > 2 && entry.description.toLowerCase().includes(wanted) ? 3 : 4;
  };
  return entries
    .map((entry) => ({ entry, rank: rank(entry) }))
    .filter((one) => one.rank < 4)
    .sort((a, b) => a.rank - b.rank)
    .map((one) => one.entry);
}

export interface SlashLine {
  readonly entry: SlashEntry;
  readonly values: ReadonlyMap<string, string>;
}

/** Reads a whole typed or pasted line, `/chart AAPL timeframe:15m`; undefined unless it names a command completely. */
export function readSlashLine(line: string, entries: readonly SlashEntry[]): SlashLine | undefined {
  const text = line.trimStart().slice(1);
  if (!line.trimStart().startsWith('/')) return undefined;
  const fits = entries.filter((entry) => text === entry.path || text.startsWith(`${entry.path} `));
  const entry = fits.sort((a, b) => b.path.length - a.path.length)[0];
  if (!entry) return undefined;
  const values = new Map<string, string>();
  const open = new Set(entry.fields.map((field) => field.name));
  let current = entry.fields[0]?.name;
  const taken: string[] = [];
  const close = (): void => {
    if (current !== undefined && taken.length > 0) values.set(current, taken.join(' '));
    taken.length = 0;
  };
  for (const word of text.slice(entry.path.length).split(/\s+/).filter(Boolean)) {
    const colon = word.indexOf(':');
    const name = word.slice(0, Math.max(0, colon));
    if (open.has(name)) {
      close();
      current = name;
      open.delete(name);
      if (colon + 1 < word.length) taken.push(word.slice(colon + 1));
    } else taken.push(word);
  }
  close();
  return { entry, values };
}

function readValue(field: SlashField, typed: string): { value: string | number | boolean } | { problem: string } {
  if (field.choices.length > 0) {
    const wanted = typed.toLowerCase();
    const choice = field.choices.find(
      (one) => one.label.toLowerCase() === wanted || one.value.toLowerCase() === wanted,
    );
    if (!choice) return { problem: `${field.name}: pick one of the list` };
    typed = choice.value;
  }
  if (field.kind === 'boolean') return { value: typed === 'true' };
  if (field.kind !== 'integer' && field.kind !== 'number') return { value: typed };
  const whole = field.kind === 'integer';
  const value = Number(typed);
  if (!Number.isFinite(value) || (whole && !Number.isInteger(value))) {
    return { problem: `${field.name} needs a ${whole ? 'whole ' : ''}number` };
  }
  if (field.min !== undefined && value < field.min) return { problem: `${field.name} is at least ${field.min}` };
  if (field.max !== undefined && value > field.max) return { problem: `${field.name} is at most ${field.max}` };
  return { value };
}

export interface SlashRequest {
  /** Name of the whole command, without subcommands. */
  readonly command: string;
  readonly options: readonly SlashOption[];
  /** First thing to mend before it can be sent, and where. */
  readonly problem?: { readonly field: string; readonly text: string };
}

/** What is sent for the values as typed; `lenient` keeps half-typed ones as they are, for autocomplete. */
export function slashRequest(entry: SlashEntry, values: ReadonlyMap<string, string>, lenient = false): SlashRequest {
  const [command = '', ...path] = entry.path.split(' ');
  const typed: SlashOption[] = [];
  let problem: SlashRequest['problem'];
  for (const field of entry.fields) {
    const text = values.get(field.name)?.trim() ?? '';
    if (text === '') {
      if (lenient && values.has(field.name)) typed.push({ name: field.name, value: '' });
      else if (field.required) problem ??= { field: field.name, text: `${field.name} is required` };
      continue;
    }
    const read = readValue(field, text);
    if ('value' in read) typed.push({ name: field.name, value: read.value });
    else if (lenient) typed.push({ name: field.name, value: text });
    else problem ??= { field: field.name, text: read.problem };
  }
  const options = path.reduceRight<readonly SlashOption[]>((inside, name) => [{ name, options: inside }], typed);
  return problem ? { command, options, problem } : { command, options };
}
