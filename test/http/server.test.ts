import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Invoke } from '../../src/command.ts';
import type { HttpServerOptions } from '../../src/http/server.ts';
import { ADMIN_KEY, BEARER, startFakeApp } from './fake-app.ts';

type App = Awaited<ReturnType<typeof startFakeApp>>;

async function started(overrides: Partial<HttpServerOptions> = {}): Promise<App> {
  const app = await startFakeApp(overrides);
  onTestFinished(() => app.stop());
  return app;
}

const UUID = /^[0-9a-f-]{36}$/;

describe('the HTTP face', () => {
  let app: App;
  beforeAll(async () => {
    app = await startFakeApp();
  });
  afterAll(() => app.stop());

  it('says ok and nothing else to whoever asks for its health', async () => {
    const answer = await app.get('/healthz');
    expect([answer.status, answer.text]).toEqual([200, '{"status":"ok"}']);
  });

  it('names every part with its state and reason when asked whether it is ready', async () => {
    const answer = await app.get('/readyz');
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({
      ready: true,
      components: [{ name: 'market', state: 'sandbox', reason: 'Replay of 2015-12-23.' }],
    });
  });

  it('shows metrics to the admin, in Prometheus’ format', async () => {
    await app.get('/healthz');
    const answer = await app.get('/metrics', { headers: BEARER });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.text).toMatch(/^http_requests_total\{route="\/healthz",status="200"\} \d+$/m);
  });

  it('answers a command’s route with the command’s output', async () => {
    const answer = await app.get('/api/price?symbol=SPY&count=3&ratio=-0.5&extended=true', { headers: BEARER });
    expect(answer.json()).toEqual({ symbol: 'SPY', count: 3, ratio: -0.5, extended: true, asker: 'http' });
    expect(answer.headers.get('x-request-id')).toMatch(UUID);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('lists the routes with what they take', async () => {
    const parameter = (name: string, type: string, required = false, description = '') => ({
      name,
      type,
      required,
      description,
    });
    expect((await app.get('/api', { headers: BEARER })).json()).toEqual({
      routes: [
        {
          path: '/api/price',
          summary: 'Last price of a symbol',
          parameters: [
            parameter('symbol', 'string', true, 'Symbol, such as SPY'),
            parameter('count', 'integer'),
            parameter('ratio', 'number'),
            parameter('extended', 'boolean'),
          ],
        },
      ],
    });
  });

  it.each([
    ['/api/price', 400, 'invalid_input', /symbol/],
    ['/api/price?symbol=SPY&count=many', 400, 'invalid_input', /^count must be a number/],
    ['/api/price?symbol=SPY&count=1e2', 400, 'invalid_input', /^count must be a number/],
    ['/api/price?symbol=SPY&count=51', 400, 'invalid_input', /^count: /],
    ['/api/price?symbol=SPY&extended=yes', 400, 'invalid_input', /^extended must be true or false/],
    ['/api/price?symbol=SPY&symbol=GOOG', 400, 'invalid_input', /^symbol was given more than once/],
    ['/api/price?symbol=SPY&limit=5', 400, 'invalid_input', /It knows: symbol, count, ratio, extended/],
    ['/api/price?symbol=SPY&__proto__=5', 400, 'invalid_input', /does not know/],
    [`/api/price?symbol=${'A'.repeat(300)}`, 400, 'invalid_input', /^symbol: /],
    ['/api/price?symbol=NOPE', 404, 'not_found', /^There is no symbol NOPE/],
    ['/api/price?symbol=BOOM', 500, 'internal', /fault of its own/],
    ['/api/hidden', 404, 'not_found', /no such route/],
    ['/nowhere', 404, 'not_found', /no such route/],
    ['/healthz/', 404, 'not_found', /no such route/],
    ['/HEALTHZ', 404, 'not_found', /no such route/],
    ['/%zz', 400, 'invalid_input', /malformed/],
  ])('answers %s with %i and one clear sentence', async (path, status, code, message) => {
    const answer = await app.get(path, { headers: BEARER });
    expect(answer.status).toBe(status);
    expect(answer.json()).toEqual({
      error: { code, message: expect.stringMatching(message), requestId: expect.stringMatching(UUID) },
    });
  });

  it('keeps a surprise to itself and its log, under the request id that was told', async () => {
    const answer = await app.get('/api/price?symbol=BOOM', { headers: BEARER });
    expect(answer.text).not.toMatch(/secret-inside|Error|\.ts|stack/);
    const logged = app.lines.at(-1) as [{ err: Error & { cause: Error }; requestId: string; route: string }, string];
    expect(logged[0].err.cause.message).toBe('secret-inside-a-surprise');
    expect([logged[0].requestId, logged[0].route]).toEqual([answer.json().error.requestId, '/api/price']);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('refuses %s on a route that only reads', async (method) => {
    for (const path of ['/healthz', '/api/price?symbol=SPY']) {
      const answer = await app.get(path, { method, headers: BEARER });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
      expect(answer.json().error.message).toBe('This route only answers GET.');
    }
  });

  it('refuses a body above 16 KiB, whatever the route', async () => {
    for (const path of ['/healthz', '/nowhere']) {
      const answer = await app.get(path, { method: 'POST', body: 'x'.repeat(16_385) });
      expect(answer.status).toBe(413);
      expect(answer.json().error.message).toBe('The body is too large. Send less.');
    }
  });

  it('never takes the key from the address', async () => {
    for (const name of ['key', 'token', 'apiKey', 'admin_key', 'authorization']) {
      expect((await app.get(`/metrics?${name}=${ADMIN_KEY}`)).status).toBe(401);
    }
  });
});

describe('the HTTP face without an admin key', () => {
  it('keeps metrics and commands closed and says what to set', async () => {
    const app = await started({ adminKey: undefined });
    for (const path of ['/metrics', '/api', '/api/price?symbol=SPY']) {
      for (const authorization of ['', 'Bearer undefined', 'Bearer ', BEARER.authorization]) {
        const answer = await app.get(path, { headers: { authorization } });
        expect(answer.status).toBe(401);
        expect(answer.json().error.message).toContain('Set ADMIN_KEY (32 characters or more)');
      }
    }
    expect((await app.get('/healthz')).status).toBe(200);
  });
});

describe('the HTTP face in trouble', () => {
  it('is not ready while a part is down, and still is when one is only degraded', async () => {
    const part = { name: 'store', reason: 'The database does not answer.' };
    const down = await started({ readiness: () => [{ ...part, state: 'down' }] });
    const answer = await down.get('/readyz');
    expect([answer.status, answer.json().components[0].reason]).toEqual([503, part.reason]);
    const degraded = await started({ readiness: async () => [{ ...part, state: 'degraded' }] });
    expect((await degraded.get('/readyz')).status).toBe(200);
  });

  it('is not ready when the parts do not say, or cannot be asked', async () => {
    const silent = await started({ readiness: () => new Promise(() => {}), timeouts: { readinessMs: 20 } });
    expect((await silent.get('/readyz')).json().components[0].reason).toBe('No answer within 0.02 s.');
    const broken = await started({
      readiness: () => {
        throw new Error('secret-inside-a-surprise');
      },
    });
    const answer = await broken.get('/readyz');
    expect(answer.status).toBe(503);
    expect(answer.text).not.toContain('secret');
  });

  it('tells nothing of an error that nobody expected', async () => {
    const invoke: Invoke = () => Promise.reject(new Error('secret-inside-a-surprise'));
    const app = await started({ invoke });
    const answer = await app.get('/api/price?symbol=SPY', { headers: BEARER });
    expect(answer.json().error).toMatchObject({ code: 'internal', message: expect.stringMatching(/request id/) });
    expect(app.lines).toHaveLength(1);
  });

  it('names the setting to change when its port is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise((resolve) => other.close(() => resolve())));
    const { port } = other.address() as { port: number };
    await expect(startFakeApp({ port })).rejects.toMatchObject({
      code: 'unavailable',
      message: `Port ${port} on 127.0.0.1 is in use by another program. Set HTTP_PORT to a free port.`,
    });
  });

  it('names the setting to change when its address is not this machine’s', async () => {
    await expect(startFakeApp({ host: '192.0.2.1' })).rejects.toMatchObject({
      message: expect.stringMatching(/HTTP_HOST/),
    });
  });

  it('stops within its patience while an answer hangs', async () => {
    const asked = Promise.withResolvers<void>();
    const invoke: Invoke = () => {
      asked.resolve();
      return new Promise(() => {});
    };
    const app = await startFakeApp({ invoke, timeouts: { stopMs: 50 } });
    const answer = app.get('/api/price?symbol=SPY', { headers: BEARER }).catch(() => 'cut off');
    await asked.promise;
    await app.stop();
    expect(await answer).toBe('cut off');
    await expect(app.get('/healthz')).rejects.toThrow();
  });
});
