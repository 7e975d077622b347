import type { Socket } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, type ErrorCode } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';

interface ErrorBody {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly requestId: string };
}

const SURPRISE = 'Something went wrong here. Look for the request id in the log.';

/** The framework's own refusals, said in our words; its texts may quote what was sent. */
const FRAMEWORK_SENTENCES: Readonly<Record<number, string>> = {
  400: 'The request is malformed. Check its address, headers and body.',
  413: 'The body is too large. Send less.',
  415: 'The body has a type that this server does not read. Send none, or JSON.',
};

/** Answers with the one error shape; a surprise is logged in full and told in one sentence. */
export function createErrorReply(log: Pick<Log, 'error'>) {
  const send = (reply: FastifyReply, status: number, code: ErrorCode, message: string): FastifyReply => {
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    if (status === 429) reply.header('retry-after', '60');
    const body: ErrorBody = { error: { code, message, requestId: reply.request.id } };
    return reply.code(status).type('application/json; charset=utf-8').send(body);
  };

  return {
    send,
    fromError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
      const found = { err: error, requestId: request.id, route: request.routeOptions.url };
      if (error instanceof AppError) {
        if (error.code === 'internal') log.error(found, 'http route failed');
        return send(reply, error.status, error.code, error.message);
      }
      const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
      const sentence = FRAMEWORK_SENTENCES[status];
      if (sentence) return send(reply, status, 'invalid_input', sentence);
      log.error(found, 'http route failed');
      return send(reply, 500, 'internal', SURPRISE);
    },
  };
}

const CONNECTION_ERRORS: Readonly<Record<string, readonly [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive. Send it at once.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large. Send less.'],
};
const MALFORMED = ['400 Bad Request', 'This is not an HTTP request that can be read.'] as const;

/** The last words on a connection whose request never became one. */
export function endBadConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = CONNECTION_ERRORS[error.code ?? ''] ?? MALFORMED;
  const body = JSON.stringify({ error: { code: 'invalid_input', message, requestId: 'none' } });
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
