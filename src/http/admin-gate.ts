import { createHash, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { AppError } from '../kit/errors.ts';

export interface AdminGate {
  /** Throws unauthenticated, or rate_limited while this address is locked out after too many wrong keys. */
  check(authorization: string | undefined, ip: string): void;
}

export interface AdminGateOptions {
  /** Without a key nobody gets in. */
  readonly adminKey: string | undefined;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

const WRONG_KEYS_ALLOWED = 10;
const WINDOW_MS = 60_000;
const ADDRESSES_REMEMBERED = 10_000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Lets in who shows the admin key as a bearer token; takes as long for a nearly right key as for any other. */
export function createAdminGate({ adminKey, now }: AdminGateOptions): AdminGate {
  const wanted = adminKey === undefined ? undefined : digest(adminKey);
  const wrongAt = new LRUCache<string, readonly number[]>({ max: ADDRESSES_REMEMBERED });

  return {
    check(authorization, ip) {
      if (!wanted) {
        throw new AppError(
          'unauthenticated',
          'This route is closed because no admin key is configured. Set ADMIN_KEY (32 characters or more) and restart.',
        );
      }
      const at = now();
      const recent = (wrongAt.get(ip) ?? []).filter((earlier) => earlier > at - WINDOW_MS);
      if (recent.length >= WRONG_KEYS_ALLOWED) {
        throw new AppError('rate_limited', 'Too many wrong keys came from this address. Try again in a minute.');
      }
      const shown = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
      if (shown === undefined) {
        throw new AppError('unauthenticated', 'No key was sent. Send the header "Authorization: Bearer <ADMIN_KEY>".');
      }
      if (timingSafeEqual(digest(shown), wanted)) return;
      wrongAt.set(ip, [...recent, at]);
      throw new AppError('unauthenticated', 'The key is wrong. Send the value of ADMIN_KEY as the bearer token.');
    },
  };
}
