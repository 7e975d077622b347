import { errors, type JWTPayload, jwtVerify } from 'jose';
import { Refused } from './wire.ts';

/** Who a request runs as. */
export interface Identity {
  readonly role: string;
  /** JSON text for `request.jwt.claims`. */
  readonly claims: string;
}

const SKEW_S = 30;

function refuse(message: string): Refused {
  return new Refused(
    401,
    { code: 'PGRST301', message },
    { 'www-authenticate': `Bearer error="invalid_token", error_description="${message}"` },
  );
}

async function verify(token: string, secret: Uint8Array): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, secret, { algorithms: ['HS256'], clockTolerance: SKEW_S });
    if (payload.iat !== undefined && payload.iat > Date.now() / 1000 + SKEW_S) throw refuse('JWTIssuedAtFuture');
    return payload;
  } catch (err) {
    if (err instanceof Refused) throw err;
    if (err instanceof errors.JWTExpired) throw refuse('JWT expired');
    if (err instanceof errors.JWTClaimValidationFailed && err.claim === 'nbf') throw refuse('JWTNotYetValid');
    if (err instanceof errors.JWSSignatureVerificationFailed) throw refuse('JWSError JWSInvalidSignature');
    throw refuse('JWSError');
  }
}

/** Role and claims of an `Authorization` header; no token is `anon`, a bad one a 401. */
export async function identify(authorization: string | undefined, secret: Uint8Array): Promise<Identity> {
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return { role: 'anon', claims: JSON.stringify({ role: 'anon' }) };
  const payload = await verify(token, secret);
  const role = typeof payload.role === 'string' ? payload.role : 'anon';
  return { role, claims: JSON.stringify({ ...payload, role }) };
}
