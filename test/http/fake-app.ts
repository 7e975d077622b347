import { z } from 'zod';
import { type Ctx, createInvoke, defineCommand } from '../../src/command.ts';
import { createHttpServer, type HttpServerOptions } from '../../src/http/server.ts';
import { AppError } from '../../src/kit/errors.ts';
import type { Log } from '../../src/kit/log.ts';
import { createMetrics } from '../../src/kit/metrics.ts';

export const ADMIN_KEY = 'correct-horse-battery-staple-0123456789';
export const BEARER = { authorization: `Bearer ${ADMIN_KEY}` };

const card = () => ({ layout: 'embed', tone: 'neutral', title: '', blocks: [] }) as const;

const PRICE = defineCommand({
  name: 'price',
  route: '/api/price',
  summary: 'Last price of a symbol',
  guidance: '',
  tier: 'owner',
  effect: 'read',
  input: z.object({
    symbol: z.string().max(25).describe('Symbol, such as SPY'),
    count: z.int().min(1).max(50).optional(),
    ratio: z.number().nullish(),
    extended: z.boolean().default(false),
  }),
  output: z.object({
    symbol: z.string(),
    count: z.number(),
    ratio: z.number(),
    extended: z.boolean(),
    asker: z.string(),
  }),
  async run(ctx, { symbol, count, ratio, extended }) {
    if (symbol === 'NOPE') throw new AppError('not_found', 'There is no symbol NOPE. Check its spelling.');
    if (symbol === 'BOOM') throw new Error('secret-inside-a-surprise');
    return { symbol, count: count ?? 0, ratio: ratio ?? 0, extended, asker: ctx.caller.memberId };
  },
  card,
});

const HIDDEN = defineCommand({
  name: 'hidden',
  summary: 'Has no route',
  guidance: '',
  tier: 'free',
  effect: 'read',
  input: z.object({}),
  output: z.object({}),
  run: async () => ({}),
  card,
});

/** A server on any free port with two commands; `lines` collects what it logs as errors. */
export async function startFakeApp(overrides: Partial<HttpServerOptions> = {}) {
  const lines: unknown[] = [];
  const error: Log['error'] = (...args: unknown[]) => void lines.push(args);
  const server = createHttpServer({
    log: { error },
    port: 0,
    host: '127.0.0.1',
    adminKey: ADMIN_KEY,
    trustProxyHops: 0,
    bodyLimitBytes: 16_384,
    metrics: createMetrics(),
    readiness: () => [{ name: 'market', state: 'sandbox', reason: 'Replay of 2015-12-23.' }],
    commands: [PRICE, HIDDEN],
    invoke: createInvoke({ record: () => {} }),
    ctxFor: (caller) => ({ caller }) as Ctx,
    ...overrides,
  });
  const { address } = await server.start();
  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${address}${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) };
  };
  return { address, get, lines, stop: () => server.stop() };
}
