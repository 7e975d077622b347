import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../../kit/clock.ts';
import type { MassiveFaults } from '../faults.ts';
import type { ReplayMarket } from '../replay-market.ts';
import { failed, type RestAnswer, requestId } from './answer.ts';
import { queryWithCursor } from './page.ts';
import { route } from './routes.ts';

export interface RestDeps {
  readonly market: ReplayMarket;
  readonly clock: Pick<Clock, 'now'>;
  readonly apiKey: string;
  readonly faults: MassiveFaults;
  readonly largestPage: number;
}

const TOO_MANY =
  "You've exceeded the maximum requests per minute, please wait or upgrade your subscription to continue. https://massive.com/pricing";

/** The REST side: key, faults, endpoint, answer. */
export function restListener(deps: RestDeps): RequestListener {
  return (incoming, outgoing) => {
    void answerTo(deps, incoming).then((answer) => {
      if (answer === undefined) return;
      if (answer === 'cut') incoming.socket.destroy();
      else write(outgoing, answer);
    });
  };
}

async function answerTo(deps: RestDeps, incoming: IncomingMessage): Promise<RestAnswer | 'cut' | undefined> {
  const { faults } = deps;
  if (faults.refuseConnections) return 'cut';
  if (faults.restDelayMs > 0) await wait(faults.restDelayMs);
  if (faults.blackHole) return undefined;
  if (faults.restStatus === 429) return failed(429, TOO_MANY);
  if (faults.restStatus !== undefined) return failed(faults.restStatus, 'Internal server error');
  const origin = `http://${incoming.headers.host ?? '127.0.0.1'}`;
  if (!URL.canParse(incoming.url ?? '/', origin)) return failed(400, 'Bad request');
  const url = new URL(incoming.url ?? '/', origin);
  const key = incoming.headers.authorization?.replace(/^Bearer /i, '') ?? url.searchParams.get('apiKey') ?? '';
  if (key === '') return failed(401, 'API Key was not provided');
  if (!sameText(key, deps.apiKey)) return failed(401, 'Unknown API Key');
  return route({
    market: deps.market,
    now: deps.clock.now(),
    origin,
    path: url.pathname,
    query: queryWithCursor(url.searchParams),
    largestPage: deps.largestPage,
  });
}

function write(outgoing: ServerResponse, answer: RestAnswer): void {
  const { body, status, text } = answer;
  const named =
    typeof body === 'object' && body !== null && 'request_id' in body ? String(body.request_id) : requestId();
  const type = text === undefined ? 'application/json' : 'text/plain; charset=utf-8';
  outgoing.writeHead(status, { 'content-type': type, 'x-request-id': named });
  outgoing.end(text ?? JSON.stringify(body));
}

/** Compares without telling by its time where two keys differ. */
export function sameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
