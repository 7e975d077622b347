/** One HTTP exchange as plain data, so that it can cross to the worker. */
export interface WireRequest {
  readonly method: string;
  /** Path and query string as sent: `/rest/v1/plans?select=*`. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The four members of every PostgREST error body. */
export interface Problem {
  readonly code: string;
  readonly details: string | null;
  readonly hint: string | null;
  readonly message: string;
}

/** A refused request; thrown inside the worker to undo its transaction, answered as HTTP at its border. */
export class Refused extends Error {
  readonly status: number;
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    problem: Pick<Problem, 'code' | 'message'> & Partial<Problem>,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(problem.message);
    this.status = status;
    this.problem = { details: null, hint: null, ...problem };
    this.headers = headers;
  }
}

/** The answer to what real PostgREST may do but this subset does not declare: 501, so that it is noticed at once. */
export function undeclared(what: string): Refused {
  return new Refused(501, {
    code: 'EMBEDDED501',
    message: `The embedded store does not answer ${what}.`,
    hint: 'Use what src/store/embedded declares, or extend it together with its comparison with real PostgREST.',
  });
}
