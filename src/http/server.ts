import { randomUUID } from 'node:crypto';
import { type FastifyInstance, fastify } from 'fastify';
import { AppError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { createAdminGate } from './admin-gate.ts';
import { type ApiDeps, addApiRoutes } from './api-routes.ts';
import { createErrorReply, endBadConnection } from './error-reply.ts';
import { type Component, readinessOf } from './readiness.ts';

interface HttpTimeouts {
  /** For a whole request to arrive. */
  readonly requestMs: number;
  readonly headersMs: number;
  /** Of silence on a connection, in either direction. */
  readonly silenceMs: number;
  readonly keepAliveMs: number;
  /** How often overdue requests are looked for. */
  readonly checkEveryMs: number;
  /** For the parts to say how they are. */
  readonly readinessMs: number;
  /** For running answers to finish when the server stops. */
  readonly stopMs: number;
}

const TIMEOUTS: HttpTimeouts = {
  requestMs: 10_000,
  headersMs: 10_000,
  silenceMs: 15_000,
  keepAliveMs: 5_000,
  checkEveryMs: 1_000,
  readinessMs: 3_000,
  stopMs: 2_000,
};
const MAX_CONNECTIONS = 1_024;
const MAX_REQUESTS_PER_SOCKET = 1_000;
const MAX_HEADER_BYTES = 8_192;

export interface HttpServerOptions extends ApiDeps {
  readonly log: Pick<Log, 'error'>;
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  readonly adminKey: string | undefined;
  /** How many proxies in front may say where a request comes from. */
  readonly trustProxyHops: number;
  readonly bodyLimitBytes: number;
  readonly metrics: Pick<Metrics, 'counter' | 'histogram' | 'text' | 'contentType'>;
  readonly readiness: () => readonly Component[] | Promise<readonly Component[]>;
  readonly timeouts?: Partial<HttpTimeouts>;
  /** Monotonic milliseconds, for the lockout after wrong keys. */
  readonly now?: () => number;
}

export interface HttpServer {
  /** `http://127.0.0.1:3000`; throws an AppError that names the variable when the port cannot be taken. */
  start(): Promise<{ readonly address: string }>;
  /** Lets running answers finish for a short while. */
  stop(): Promise<void>;
}

/** Health, readiness, metrics and the commands that have a route, all read only. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const errors = createErrorReply(options.log);
  const app = createApp(options, timeouts, errors);
  const gate = createAdminGate({ adminKey: options.adminKey, now: options.now ?? (() => performance.now()) });

  // the framework's own look-up would read a request's path as a pattern
  const paths = new Set<string>();
  app.addHook('onRoute', ({ url }) => {
    paths.add(url);
  });

  app.get('/healthz', () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const readiness = await readinessOf(options.readiness, timeouts.readinessMs);
    return reply.code(readiness.ready ? 200 : 503).send(readiness);
  });
  app.register(async (closed) => {
    closed.addHook('onRequest', async (request) => gate.check(request.headers.authorization, request.ip));
    closed.get('/metrics', async (_request, reply) =>
      reply.type(options.metrics.contentType).send(await options.metrics.text()),
    );
    addApiRoutes(closed, options);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    if (paths.has(path)) {
      reply.header('allow', 'GET, HEAD');
      return errors.send(reply, 405, 'invalid_input', 'This route only answers GET.');
    }
    return errors.send(reply, 404, 'not_found', 'There is no such route. GET /api lists the routes there are.');
  });

  return {
    async start() {
      try {
        return { address: await app.listen({ port: options.port, host: options.host }) };
      } catch (error) {
        throw whyNotListening(error, options);
      }
    },
    async stop() {
      const impatient = setTimeout(() => app.server.closeAllConnections(), timeouts.stopMs);
      try {
        await app.close();
      } finally {
        clearTimeout(impatient);
      }
    },
  };
}

function createApp(
  options: HttpServerOptions,
  timeouts: HttpTimeouts,
  errors: ReturnType<typeof createErrorReply>,
): FastifyInstance {
  const { trustProxyHops, bodyLimitBytes, metrics } = options;
  const app = fastify({
    bodyLimit: bodyLimitBytes,
    requestTimeout: timeouts.requestMs,
    connectionTimeout: timeouts.silenceMs,
    keepAliveTimeout: timeouts.keepAliveMs,
    maxRequestsPerSocket: MAX_REQUESTS_PER_SOCKET,
    forceCloseConnections: 'idle',
    http: {
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkEveryMs,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    trustProxy: trustProxyHops > 0 ? (_address, hop) => hop < trustProxyHops : false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    frameworkErrors: (error, request, reply) => errors.fromError(error, request, reply),
    clientErrorHandler: endBadConnection,
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  app.setErrorHandler((error, request, reply) => errors.fromError(error, request, reply));

  const requests = metrics.counter('http_requests_total', 'Answers by route and status', ['route', 'status']);
  const seconds = metrics.histogram('http_request_seconds', 'Time to answer by route', ['route']);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-request-id': request.id,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'",
    });
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    requests.inc({ route, status: String(reply.statusCode) });
    seconds.observe({ route }, reply.elapsedTime / 1000);
  });
  return app;
}

function whyNotListening(error: unknown, { host, port }: HttpServerOptions): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const where = `Port ${port} on ${host}`;
  const cause = { cause: error };
  if (code === 'EADDRINUSE') {
    return new AppError('unavailable', `${where} is in use by another program. Set HTTP_PORT to a free port.`, cause);
  }
  if (code === 'EACCES') {
    return new AppError('unavailable', `${where} needs more rights. Set HTTP_PORT to 1024 or above.`, cause);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new AppError('unavailable', `${host} is not an address of this machine. Correct HTTP_HOST.`, cause);
  }
  return error;
}
