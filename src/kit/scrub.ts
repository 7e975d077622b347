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

/** Form data, path and query string each leave other characters as they are. */
function urlForms(secret: string): string[] {
  const whole = encodeURIComponent(secret);
  return [
    whole,
    whole.replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
    new URLSearchParams({ '': secret }).toString().slice(1),
    new URL(`http://x/?${secret.replaceAll('#', '%23')}`).search.slice(1),
    encodeURI(secret),
  ];
}

/** JSON inside a string inside a log line is escaped once more at each step. */
function jsonForms(text: string): string[] {
  const forms = [text];
  for (let depth = 0; depth < 3; depth++) forms.push(JSON.stringify(forms[depth]).slice(1, -1));
  return forms;
}

function formsOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex');
  return [secret, ...urlForms(secret), hex, ...base64Forms(secret)].flatMap(jsonForms);
}

/** A function that replaces these values in any text, also when they are URL-, base64-, hex- or JSON-encoded in it. */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const usable = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).map((secret) => secret.toWellFormed());
  const forms = [...new Set(usable.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const form of forms) if (clean.includes(form)) clean = clean.replaceAll(form, REDACTED);
    return clean;
  };
}
