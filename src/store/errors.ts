export type StoreErrorKind =
  /** No answer in time, or the database says it cannot serve now; trying again later may help. */
  | 'unreachable'
  /** A rule of the schema refused the row. */
  | 'constraint'
  /** The key or the member's token does not allow it. */
  | 'forbidden'
  /** The table, column or function is not there: migrations are missing. */
  | 'schema'
  /** The database holds a row that this program cannot read. */
  | 'bad_row'
  | 'rejected';

/** The store's one way to fail; `sqlState` is Postgres's or PostgREST's code, empty when there was no answer. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly operation: string;
  readonly sqlState: string;
  readonly kind: StoreErrorKind;

  constructor(operation: string, sqlState: string, message: string, options: ErrorOptions & { kind: StoreErrorKind }) {
    super(`${operation}: ${message}`, options);
    this.operation = operation;
    this.sqlState = sqlState;
    this.kind = options.kind;
  }
}

const MISSING = ['42P01', '42883', '42703', 'PGRST202', 'PGRST204', 'PGRST205'];

/** Which kind of failure an HTTP status (0: no answer) and a code mean. */
export function kindOf(status: number, code: string): StoreErrorKind {
  if (status === 0 || status >= 502 || status === 429 || /^(08|53|57P)/.test(code)) return 'unreachable';
  if (/^23/.test(code)) return 'constraint';
  if (MISSING.includes(code)) return 'schema';
  if (status === 401 || status === 403 || code === '42501' || /^PGRST30/.test(code)) return 'forbidden';
  return 'rejected';
}
