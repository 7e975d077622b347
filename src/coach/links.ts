import type { ToolResult } from './reference.ts';

const TOP_LEVEL =
  'com|net|org|io|gg|xyz|co|info|biz|app|dev|me|ly|link|site|top|online|shop|store|club|live|news|finance|trade|money|ru|cn|tk|ml|ga|cf|to|tv|ai|us|uk|de|eu|example|test|zip|mov|gift|gifts|click|page|web';

const SCHEME =
  /[a-z][a-z0-9+.-]*\s*:\s*[/\\]\s*[/\\]|\bh(?:xx|tt)ps?\b|\bwww\s*\.|\bmailto:|\bjavascript:|\bdiscord\s*:/i;
const HOST = new RegExp(
  `[\\p{L}\\p{N}-]\\s?(?:\\.|\\[\\.\\]|\\(\\.\\)|\\(dot\\)|\\[dot\\]|\\sdot\\s)\\s?(?:${TOP_LEVEL})\\b`,
  'iu',
);
const ENCODED = /%[0-9a-f]{2}/i;

/** The address or half-hidden address in a model's own words, if there is one; it may only cite links. */
export function linkIn(text: string): string | undefined {
  return (SCHEME.exec(text) ?? ENCODED.exec(text) ?? HOST.exec(text))?.[0].trim();
}

/** `[reuters.com](<https://...>)` for an address that a tool returned this turn; undefined for any other. */
export function writeLink(url: string, results: ReadonlyMap<string, ToolResult>): string | undefined {
  const parsed = URL.parse(url);
  if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return undefined;
  if (/[\s<>()[\]\\`|]/.test(url) || parsed.username !== '' || parsed.password !== '') return undefined;
  if (!/^[a-z0-9.-]+$/.test(parsed.hostname) || parsed.hostname.includes('xn--')) return undefined;
  const returned = [...results.values()].some((result) => holds(result.output, url));
  return returned ? `[${parsed.hostname.replace(/^www\./, '')}](<${url}>)` : undefined;
}

function holds(value: unknown, text: string): boolean {
  if (value === text) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some((item) => holds(item, text));
}
