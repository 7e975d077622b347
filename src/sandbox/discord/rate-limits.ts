import { createHash } from 'node:crypto';

const GLOBAL_PER_SECOND = 50;
const INVALID_WINDOW_MS = 600_000;
const INVALID_ALLOWED = 10_000;
const CLOUDFLARE_BAN_S = 3600;

/** Buckets as seen on the real service; it documents only that they exist, so the rest get a roomy one. */
const REAL: readonly { readonly of: RegExp; readonly limit: number; readonly windowMs: number }[] = [
  { of: /^(POST|PATCH) \/channels\/:channel\/messages/, limit: 5, windowMs: 5000 },
  { of: /^(POST|PATCH) \/webhooks\/:webhook\/:token/, limit: 5, windowMs: 5000 },
  { of: /^(PUT|DELETE) \/channels\/:channel\/messages\/:message\/reactions/, limit: 1, windowMs: 250 },
  { of: /^POST \/channels\/:channel\/typing/, limit: 5, windowMs: 5000 },
];
const ROOMY = { limit: 40, windowMs: 1000 };
const WIDE = { limit: 10_000, windowMs: 1000 };

interface Verdict {
  readonly headers: Record<string, string>;
  /** Present when the call must be answered 429. */
  readonly refused?: { message: string; retry_after: number; global: boolean };
}

/** Who may call now, and how to tell the others when. */
export interface RateLimits {
  /** `major` is the channel, guild or webhook of the path. */
  take(routeKey: string, major: string): Verdict;
  /** Counts an answer of 401, 403 or 429; 10,000 in ten minutes end in a ban by address. */
  invalid(): void;
  banned(): Verdict | undefined;
}

/** Fixed windows per route and major parameter, 50 a second over all, with the headers that clients throttle by. */
export function createRateLimits(mode: 'real' | 'wide', now: () => number): RateLimits {
  const windows = new Map<string, { left: number; resetAt: number }>();
  const global = { left: GLOBAL_PER_SECOND, resetAt: 0 };
  const invalid = { count: 0, since: 0 };
  let bannedUntil = 0;

  const headersOf = (key: string, limit: number, left: number, resetAt: number): Record<string, string> => ({
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(left),
    'x-ratelimit-reset': (resetAt / 1000).toFixed(3),
    'x-ratelimit-reset-after': Math.max(0, (resetAt - now()) / 1000).toFixed(3),
    'x-ratelimit-bucket': createHash('sha256').update(key).digest('hex').slice(0, 32),
  });

  const refuse = (headers: Record<string, string>, waitMs: number, scope: 'user' | 'global'): Verdict => {
    const retryAfter = Math.max(0.001, waitMs / 1000);
    return {
      headers: {
        ...headers,
        'retry-after': String(Math.ceil(retryAfter)),
        'x-ratelimit-scope': scope,
        ...(scope === 'global' && { 'x-ratelimit-global': 'true' }),
      },
      refused: { message: 'You are being rate limited.', retry_after: retryAfter, global: scope === 'global' },
    };
  };

  const forget = (at: number): void => {
    if (windows.size < 2000) return;
    for (const [key, window] of windows) if (window.resetAt <= at) windows.delete(key);
  };

  return {
    take(routeKey, major) {
      const at = now();
      if (mode === 'real') {
        if (at >= global.resetAt) Object.assign(global, { left: GLOBAL_PER_SECOND, resetAt: at + 1000 });
        if (global.left === 0) return refuse({}, global.resetAt - at, 'global');
        global.left -= 1;
      }
      const { limit, windowMs } = mode === 'wide' ? WIDE : (REAL.find((one) => one.of.test(routeKey)) ?? ROOMY);
      const key = `${routeKey} ${major}`;
      forget(at);
      let window = windows.get(key);
      if (!window || at >= window.resetAt) {
        window = { left: limit, resetAt: at + windowMs };
        windows.set(key, window);
      }
      if (window.left === 0) return refuse(headersOf(routeKey, limit, 0, window.resetAt), window.resetAt - at, 'user');
      window.left -= 1;
      return { headers: headersOf(routeKey, limit, window.left, window.resetAt) };
    },
    invalid() {
      const at = now();
      if (at - invalid.since > INVALID_WINDOW_MS) Object.assign(invalid, { count: 0, since: at });
      invalid.count += 1;
      if (invalid.count > INVALID_ALLOWED) bannedUntil = at + CLOUDFLARE_BAN_S * 1000;
    },
    banned() {
      const waitMs = bannedUntil - now();
      if (waitMs <= 0) return undefined;
      // the ban is Cloudflare's: it knows no buckets and sends none of their headers
      return {
        headers: { 'retry-after': String(Math.ceil(waitMs / 1000)) },
        refused: {
          message: 'You are being blocked from accessing our API temporarily.',
          retry_after: waitMs / 1000,
          global: true,
        },
      };
    },
  };
}
