import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api-error.ts';
import { LARGEST_REQUEST, readBody } from './body.ts';
import type { FaultPlan } from './faults.ts';
import type { RateLimits } from './rate-limits.ts';
import type { Call, Reply, Route } from './route.ts';

/** One REST call as it came and went, for tests that judge payloads. */
export interface RecordedRequest {
  readonly at: number;
  readonly method: string;
  /** `/channels/123/messages`, without `/api/v10` and query. */
  readonly path: string;
  /** `POST /channels/:channel/messages`. */
  readonly route: string;
  readonly body: unknown;
  readonly files: readonly { readonly name: string; readonly size: number; readonly type: string }[];
  readonly status: number;
  readonly response: unknown;
}

const PREFIX = '/api/v10';

interface RestDeps {
  readonly routes: readonly Route[];
  readonly token: string;
  readonly limits: RateLimits;
  readonly faults: FaultPlan;
  readonly requests: RecordedRequest[];
  /** How many of them are kept. */
  readonly remembered: number;
  readonly now: () => number;
  readonly warn: (detail: object, text: string) => void;
}

/** Hangs Discord's HTTP API into the server: authority, limits, planned faults, one answer, one record per call. */
export function mountRest(app: FastifyInstance, deps: RestDeps): void {
  for (const route of deps.routes) {
    const key = `${route.method} ${route.path}`;
    app.route({
      method: route.method,
      url: `${PREFIX}${route.path}`,
      bodyLimit: LARGEST_REQUEST,
      handler: (request, reply) => serve(deps, route, key, request, reply),
    });
  }
  app.all(`${PREFIX}/*`, (_request, reply) => reply.code(404).send({ message: '404: Not Found', code: 0 }));
}

function majorOf(params: Readonly<Record<string, string>>): string {
  return params.channel ?? params.guild ?? (params.webhook ? `${params.webhook}/${params.token ?? ''}` : '');
}

async function serve(
  deps: RestDeps,
  route: Route,
  key: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const params = request.params as Record<string, string>;
  const type = request.headers['content-type'] ?? '';
  let taken: { json: unknown; files: Call['files'] } = { json: undefined, files: [] };
  let answer: Reply;
  const ban = deps.limits.banned();
  const verdict = ban ?? (route.unlimited ? { headers: {} } : deps.limits.take(key, majorOf(params)));
  const isKnown = route.auth !== 'bot' || request.headers.authorization === `Bot ${deps.token}`;
  const fault = verdict.refused ? undefined : deps.faults.next(key);
  try {
    if (verdict.refused) answer = { status: 429, body: { ...verdict.refused } };
    else if (!isKnown) throw new ApiError(0);
    else if (fault?.after === 'before') answer = failure(fault.status);
    else {
      taken = await readBody(request.body as Buffer | undefined, type);
      answer = await route.answer({ params, query: request.query as Call['query'], ...taken });
    }
  } catch (err) {
    if (!(err instanceof ApiError)) deps.warn({ err, route: key }, 'embedded discord route failed');
    answer =
      err instanceof ApiError
        ? { status: err.status, body: err.body }
        : { status: 500, body: { message: '500: Internal Server Error', code: 0 } };
  }
  if ([401, 403, 429].includes(answer.status) && !ban) deps.limits.invalid();
  remember(deps, request, key, taken, answer);
  const shown = fault?.after === 'accepted' ? failure(fault.status) : answer;
  if (shown.status === 0) {
    reply.hijack();
    request.raw.socket.destroy();
    return;
  }
  reply.headers(verdict.headers).code(shown.status);
  if (shown.body === undefined) await reply.send();
  else await reply.type('application/json').send(JSON.stringify(shown.body));
}

const failure = (status: number | 'reset'): Reply =>
  status === 'reset' ? { status: 0 } : { status, body: { message: `${status}: planned fault`, code: 0 } };

function remember(
  deps: RestDeps,
  request: FastifyRequest,
  route: string,
  taken: { json: unknown; files: Call['files'] },
  answer: Reply,
): void {
  deps.requests.push({
    at: deps.now(),
    method: request.method,
    path: (request.url.split('?')[0] ?? '').slice(PREFIX.length),
    route,
    body: taken.json,
    files: taken.files.map(({ name, bytes, type }) => ({ name, size: bytes.length, type })),
    status: answer.status,
    response: answer.body === undefined ? undefined : (structuredClone(answer.body) as unknown),
  });
  if (deps.requests.length > deps.remembered) deps.requests.shift();
}
