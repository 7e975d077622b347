/** Why the provider gave no usable answer. */
export type MassiveErrorKind =
  | 'rate_limited'
  | 'unauthorized'
  | 'not_found'
  | 'server_error'
  | 'timeout'
  | 'network_error'
  | 'plan_limit'
  | 'bad_payload'
  | 'circuit_open';

/** A failed provider call; `endpoint` is our short name for it, and no part ever holds the key. */
export class MassiveError extends Error {
  override readonly name = 'MassiveError';
  readonly kind: MassiveErrorKind;
  readonly endpoint: string;
  /** How long the provider asked us to wait, already capped. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: MassiveErrorKind,
    endpoint: string,
    message: string,
    options: { retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.endpoint = endpoint;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Whether this failure says that the provider itself is unwell; what the circuit breaker counts. */
export function isOutage(error: unknown): boolean {
  return (
    error instanceof MassiveError &&
    (error.kind === 'server_error' || error.kind === 'timeout' || error.kind === 'network_error')
  );
}
