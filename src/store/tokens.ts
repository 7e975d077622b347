import { SignJWT } from 'jose';

const LIFE_MS = 5 * 60_000;
/** A request must not die of a token that ends under way, or of clocks a minute apart. */
const SPARE_MS = 60_000;

export interface TokenDeps {
  readonly jwtSecret: string;
  /** Wall clock, epoch ms: the database checks the token against its own. */
  now(): number;
}

/** Gives one member's access token, minted anew a minute before its five are over; callers at once share one minting. */
export function createTokens({ jwtSecret, now }: TokenDeps, memberId: string): () => Promise<string> {
  const key = new TextEncoder().encode(jwtSecret);
  let held: { token: Promise<string>; expiresAt: number } | undefined;
  return () => {
    if (held === undefined || held.expiresAt - now() < SPARE_MS) {
      const expiresAt = now() + LIFE_MS;
      const token = new SignJWT({ role: 'authenticated' })
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject(memberId)
        .setAudience('authenticated')
        .setExpirationTime(Math.floor(expiresAt / 1000))
        .sign(key);
      held = { token, expiresAt };
    }
    return held.token;
  };
}
