/** Put in the place of every secret value. */
export const REDACTED = '[redacted]';

/** Shorter values would also be found inside harmless words. */
export const SHORTEST_SECRET = 8;

/** Base64 hides a value in three ways, by where it starts; only the characters that its neighbours cannot change. */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const firstSure = before === 0 ? 0 : before + 1;
    const lastSure = Math.floor(((before + bytes.length) * 8) / 6);
    const sure = text.slice(firstSure, lastSure);
    return [sure, sure.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

function formsOf(secret: string): string[] {
  const inJson = JSON.stringify(secret).slice(1, -1);
  const inUrl = encodeURIComponent(secret);
  return [
    secret,
    inJson,
    JSON.stringify(inJson).slice(1, -1),
    inUrl,
    inUrl.replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    new URLSearchParams({ '': secret }).toString().slice(1),
    Buffer.from(secret).toString('hex'),
    ...base64Forms(secret),
  ];
}

/** A function that replaces these values in any text, also when they are URL-, base64-, hex- or JSON-encoded in it. */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const usable = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  const forms = [...new Set(usable.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
    return clean;
  };
}
