import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse, path: string) => void;

/** A real HTTP server on loopback that answers as the test says and remembers what it was asked. */
export interface FakeRest {
  readonly url: string;
  /** Paths with their query, in the order of arrival. */
  readonly asked: string[];
  readonly headers: IncomingMessage['headers'][];
  answer: Answer;
  stop(): Promise<void>;
}

export async function startFakeRest(answer: Answer = json({})): Promise<FakeRest> {
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    fake.asked.push(path);
    fake.headers.push(request.headers);
    fake.answer(request, response, path);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const fake: FakeRest = {
    url: `http://127.0.0.1:${port}`,
    asked: [],
    headers: [],
    answer,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return fake;
}

/** Answers this value as the provider would. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}

/** Answers the first with the first, and so on; the last one stays. */
export function inTurn(...answers: readonly Answer[]): Answer {
  let turn = 0;
  return (...exchange) => {
    const answer = answers[Math.min(turn, answers.length - 1)];
    turn++;
    answer?.(...exchange);
  };
}
