/** Discord's error codes with the HTTP status and sentence that it answers. */
const TABLE = {
  0: [401, '401: Unauthorized'],
  10003: [404, 'Unknown Channel'],
  10004: [404, 'Unknown Guild'],
  10007: [404, 'Unknown Member'],
  10008: [404, 'Unknown Message'],
  10011: [404, 'Unknown Role'],
  10013: [404, 'Unknown User'],
  10014: [400, 'Unknown Emoji'],
  10015: [404, 'Unknown Webhook'],
  10062: [404, 'Unknown interaction'],
  10063: [404, 'Unknown application command'],
  20012: [403, 'You are not authorized to perform this action on this application'],
  30032: [400, 'Maximum number of application commands reached (100)'],
  40005: [413, 'Request entity too large'],
  40060: [400, 'Interaction has already been acknowledged.'],
  40094: [400, 'This interaction has reached the maximum number of follow up messages'],
  50001: [403, 'Missing Access'],
  50003: [403, 'Cannot execute action on a DM channel'],
  50005: [403, 'Cannot edit a message authored by another user'],
  50006: [400, 'Cannot send an empty message'],
  50007: [403, 'Cannot send messages to this user'],
  50013: [403, 'Missing Permissions'],
  50024: [403, 'Cannot execute action on this channel type'],
  50027: [401, 'Invalid Webhook Token'],
  50033: [400, 'Invalid Recipient(s)'],
  50034: [400, 'You can only bulk delete messages that are under 14 days old.'],
  50035: [400, 'Invalid Form Body'],
  50083: [400, 'Thread is archived'],
  50109: [400, 'The request body contains invalid JSON.'],
  50162: [400, 'Cannot crosspost a message that is not in an announcement channel'],
  160004: [400, 'A thread has already been created for this message'],
  160005: [400, 'This thread is locked'],
} as const satisfies Record<number, readonly [number, string]>;

/** A code that this server may answer. */
export type ApiCode = keyof typeof TABLE;

/** The tree that Discord hangs under `errors` of a 50035. */
export type FormErrors = { [key: string]: FormErrors | readonly { code: string; message: string }[] };

/** A refusal on the wire, thrown by a route and written by the server. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: number;
  readonly errors: FormErrors | undefined;

  constructor(code: ApiCode, errors?: FormErrors) {
    const [status, message] = TABLE[code];
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }

  get body(): object {
    return { message: this.message, code: this.code, ...(this.errors && { errors: this.errors }) };
  }
}

/** Puts one complaint at a path of the form, as Discord words it. */
export function formError(path: readonly PropertyKey[], code: string, message: string): ApiError {
  const tree: FormErrors = {};
  addFormError(tree, path, code, message);
  return new ApiError(50035, tree);
}

/** Adds a complaint to a tree that may already hold others. */
export function addFormError(tree: FormErrors, path: readonly PropertyKey[], code: string, message: string): void {
  let node = tree;
  for (const key of path) {
    const name = String(key);
    const child = node[name];
    if (child && !Array.isArray(child)) node = child as FormErrors;
    else {
      const made: FormErrors = {};
      node[name] = made;
      node = made;
    }
  }
  const here = node._errors;
  node._errors = [...(Array.isArray(here) ? here : []), { code, message }];
}
