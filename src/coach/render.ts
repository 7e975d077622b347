import { escapeMarkdown } from '../cards/text.ts';
import { bareNumberIn, plainWords, touchesNumber } from './bare-numbers.ts';
import { evaluate } from './evaluate.ts';
import { fieldsOf, parseExpression } from './expression.ts';
import { isFormat, usualFormat, writeNumber, writeWords } from './formats.ts';
import { linkIn, writeLink } from './links.ts';
import { indexOfMark, MARK, markOf } from './marks.ts';
import { namesIn } from './names.ts';
import type { Refused, ToolResult } from './reference.ts';
import { lookUp } from './reference.ts';

/** One field behind a number that is shown. */
export interface Cited {
  readonly result: string;
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly field: string;
  readonly value: string | number | boolean;
  readonly asOf?: number;
  readonly source?: string;
}

/** A value as the member reads it, with all that it was made from. */
export interface Source {
  readonly shown: string;
  /** As written between the braces: `t1.lastDollars`, `(t1.lastDollars - t1.openDollars) / t1.openDollars`. */
  readonly expression: string;
  readonly cited: readonly Cited[];
}

export interface Rendered {
  readonly ok: true;
  /** Markdown for Discord; holds no mention, no markup of others, no link that no tool returned. */
  readonly text: string;
  readonly sources: readonly Source[];
}

interface Frame {
  readonly results: ReadonlyMap<string, ToolResult>;
  /** Market time, for ages. */
  readonly now: number;
}

const LONGEST_TEXT = 6_000;
const LONGEST_SHOWN = 3_500;
const MOST_PLACEHOLDERS = 120;
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** Fills the placeholders of an answer; refused with the first reason when it holds a number that no tool gave. */
export function render(answer: string, frame: Frame): Rendered | Refused {
  if (answer.length > LONGEST_TEXT)
    return refused(`the answer has ${answer.length} characters, at most six sentences are needed`);
  const values: Shown[] = [];
  let problem: string | undefined;
  const clean = answer.replace(/[\p{Co}]/gu, '');
  const marked = clean.replace(PLACEHOLDER, (_whole, inner: string) => {
    const written = fill(inner, frame);
    if (!written.ok) {
      problem ??= `{{${inner.slice(0, 80)}}}: ${written.reason}`;
      return '';
    }
    values.push(written.value);
    return markOf(values.length - 1);
  });
  if (problem !== undefined) return refused(problem);
  if (values.length > MOST_PLACEHOLDERS) return refused(`more than ${MOST_PLACEHOLDERS} placeholders`);
  const words = withoutEmphasis(withoutDoubledSigns(plainWords(marked), values));
  if (/[{}]/.test(words)) return refused('a placeholder is not closed; write {{t1.field|format}}');
  const allowed = [...new Set([...frame.results.values()].flatMap((result) => namesIn(result.output)))].sort(
    (a, b) => b.length - a.length,
  );
  const link = linkIn(hide(words, allowed));
  if (link !== undefined) return refused(`"${link}" is an address; cite links as {{t1.items.0.url|link}}`);
  const numberAt = (index: number): string | undefined => {
    const value = values[index];
    return value?.isNumber ? value.text : undefined;
  };
  const bare = bareNumberIn(words, allowed, numberAt);
  if (bare !== undefined) return refused(bare);
  if (touchesNumber(words, (index) => numberAt(index) !== undefined)) {
    return refused('a sign, a letter or another number touches a placeholder; put words between them');
  }
  const text = dressed(words, values);
  if (text === '') return refused('the answer is empty');
  if (text.length > LONGEST_SHOWN) return refused('the answer is too long, at most six sentences are needed');
  return { ok: true, text, sources: sourcesOf(values) };
}

interface Shown {
  readonly text: string;
  readonly isNumber: boolean;
  readonly source: Source;
}

function fill(inner: string, { results, now }: Frame): { readonly ok: true; readonly value: Shown } | Refused {
  const [body = '', named, ...rest] = inner.split('|').map((part) => part.trim());
  if (rest.length > 0) return refused('one format is enough');
  if (named !== undefined && !isFormat(named)) return refused(`unknown format "${named.slice(0, 20)}"`);
  const parsed = parseExpression(body);
  if (!parsed.ok) return parsed;
  const { expression } = parsed;
  const cited: Cited[] = [];
  for (const field of fieldsOf(expression)) {
    const there = lookUp(results, field);
    if (!there.ok) return there;
    const result = results.get(field.result);
    if (!result) return refused(`there is no result ${field.result}`);
    const { value, origin } = there.found;
    cited.push({
      result: result.id,
      tool: result.tool,
      input: result.input,
      field: field.path.join('.'),
      value,
      ...origin,
    });
  }
  const shown = (text: string, isNumber: boolean): { readonly ok: true; readonly value: Shown } => ({
    ok: true,
    value: { text, isNumber, source: { shown: text, expression: body, cited } },
  });

  const only = expression.kind === 'field' ? cited[0] : undefined;
  if (only && typeof only.value !== 'number') {
    if (named === 'link') {
      const link = writeLink(String(only.value), results);
      return link === undefined ? refused(`${body} is no address that a tool returned`) : shown(link, false);
    }
    const path = expression.kind === 'field' ? expression.path : [];
    const written = writeWords(only.value, path, named ?? 'text');
    return written.ok ? shown(written.text, false) : written;
  }
  const evaluated = evaluate(expression, results);
  if (!evaluated.ok) return evaluated;
  const { quantity } = evaluated;
  const written = writeNumber(quantity, named ?? usualFormat(quantity.unit), now);
  return written.ok ? shown(written.text, true) : written;
}

const MARKS = new RegExp(MARK.source, 'gu');

/** Models write the sign and the word that the format writes already: "${{...|money}}", "{{...|percent}} percent". */
function withoutDoubledSigns(text: string, values: readonly Shown[]): string {
  return text
    .replace(new RegExp(`[*_\`]*(${MARK.source})[*_\`]*`, 'gu'), '$1')
    .replace(
      new RegExp(`[$+]?(${MARK.source})(\\s?(?:%|percent\\b|per cent\\b|R\\b|x\\b|dollars\\b))?`, 'gu'),
      (whole, mark: string, tail?: string) => {
        const value = values[indexOfMark(mark)]?.text ?? '';
        const sign = tail?.trim() ?? '';
        const doubled =
          (/^(?:%|per)/.test(sign) && value.endsWith('%')) ||
          (sign === 'R' && value.endsWith('R')) ||
          (sign === 'x' && value.endsWith('x')) ||
          (sign === 'dollars' && value.includes('$'));
        const before = whole.startsWith('$') && !value.includes('$') ? '$' : '';
        return `${before}${mark}${doubled ? '' : (tail ?? '')}`;
      },
    );
}

/** The model's own emphasis goes: bold is for numbers. */
const withoutEmphasis = (text: string): string =>
  text.replace(/\*\*|__|~~|\|\||`+/g, '').replace(/(?<!\p{L})[*_](?=\S)|(?<=\S)[*_](?!\p{L})/gu, '');

/** Line by line, since the escape makes one line of what it gets. */
function dressed(text: string, values: readonly Shown[]): string {
  return text
    .split('\n')
    .map((line) => {
      const bullet = /^\s{0,4}[-*•]\s+/.exec(line);
      const body = (bullet ? line.slice(bullet[0].length) : line)
        .replace(/^\s*(?:#{1,6}|>+)\s*/, '')
        .replace(/@/g, '＠');
      const escaped = escapeMarkdown(body).replace(MARKS, (mark) => {
        const value = values[indexOfMark(mark)];
        return value === undefined ? '' : value.isNumber ? `**${value.text}**` : value.text;
      });
      return bullet && escaped !== '' ? `- ${escaped}` : escaped;
    })
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** Each number once, in the order in which it is read; of words only quotations and those with a number in them. */
function sourcesOf(values: readonly Shown[]): Source[] {
  const once = new Map(
    values
      .filter(({ isNumber, text }) => isNumber || /^“|\p{N}/u.test(text))
      .map(({ source }) => [`${source.shown} ${source.expression}`, source]),
  );
  return [...once.values()];
}

function hide(text: string, names: readonly string[]): string {
  return names.reduce((rest, name) => rest.replaceAll(name, ' '), text);
}

const refused = (reason: string): Refused => ({ ok: false, reason });
