const CAP_MS = 60_000;

/** Milliseconds that a Retry-After header asks for, in seconds or as an HTTP date, at most a minute; undefined when absent or unreadable. */
export function retryAfterMs(header: string | readonly string[] | undefined, nowAt: number): number | undefined {
  const text = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(CAP_MS, Number(text) * 1_000);
  // Date.parse takes "-3" for a year
  const at = /^[A-Za-z]{3},/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.min(CAP_MS, Math.max(0, at - nowAt));
}
