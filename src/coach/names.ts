/** Fields whose text may stand in an answer as it is, when it looks like what the field is for. */
const LOOKS: readonly (readonly [field: RegExp, isOne: (text: string) => boolean])[] = [
  [/^symbols?$/, (text) => /^(?:[IO]:)?[A-Z][A-Z0-9./-]{0,23}$/.test(text)],
  [/^(?:name|indexName)$/, isProperName],
  [/^timeframe$/, (text) => /^\d{1,3} ?[a-z]{1,7}$/.test(text)],
  [/^(?:on|[a-z]+On)$/, (text) => /^\d{4}-\d\d-\d\d$/.test(text)],
];

const SMALL_WORDS = new Set(['of', 'and', 'the', 'for', 'in', 'de', 'plus']);
const LONGEST_NAME = 60;

/** "S&P 500", "3M Company", "Bank of America", "PDH": capitals and no sign of an amount; a sentence is none. */
export function isProperName(text: string): boolean {
  if (text === '' || text.length > LONGEST_NAME || /[^\p{Script=Latin}\p{M}\p{N}&.,'’()\s/+-]/u.test(text))
    return false;
  const words = text.split(/\s+/);
  if (!words.some((word) => /\p{L}/u.test(word))) return false;
  return words.every((word) => SMALL_WORDS.has(word) || /^[(&]?[\p{Lu}\p{N}&(]/u.test(word));
}

/** Names in tool results that may stand in the text whatever they look like: tickers, companies, days, levels. */
export function namesIn(output: unknown, field = ''): string[] {
  if (typeof output === 'string') {
    const isName = LOOKS.some(([pattern, isOne]) => pattern.test(field) && isOne(output));
    return isName ? [output, output.replace(/^[IO]:/, '')] : [];
  }
  if (typeof output !== 'object' || output === null) return [];
  if (Array.isArray(output)) return output.flatMap((item) => namesIn(item, field));
  return Object.entries(output).flatMap(([key, item]) => namesIn(item, key));
}
