import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HttpServerOptions } from '../../src/http/server.ts';
import { BEARER, startFakeApp } from './fake-app.ts';

const SHORT = { requestMs: 150, headersMs: 150, silenceMs: 250, keepAliveMs: 100, checkEveryMs: 25 };

async function started(overrides: Partial<HttpServerOptions> = {}) {
  const app = await startFakeApp(overrides);
  onTestFinished(() => app.stop());
  return app;
}

/** Opens a raw connection, sends, and gives everything that came back once the server has closed it. */
function raw(address: string, send: (socket: Socket) => void): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
    socket.on('connect', () => send(socket));
  });
}

describe('a connection', () => {
  it('that sends nothing is closed', async () => {
    const app = await started({ timeouts: SHORT });
    await raw(app.address, () => {});
  });

  it('that sends its headers one byte at a time is told so and closed', async () => {
    const app = await started({ timeouts: SHORT });
    const heard = await raw(app.address, (socket) => {
      const text = `GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ${'y'.repeat(1_000)}`;
      let sent = 0;
      const drip = setInterval(() => socket.write(text.charAt(sent++)), 10);
      socket.on('close', () => clearInterval(drip));
    });
    expect(heard).toMatch(/^HTTP\/1\.1 408 /);
    expect(heard).toContain('"message":"The request took too long to arrive. Send it at once."');
  });

  it('that promises a body and never sends it is closed', async () => {
    const app = await started({ timeouts: SHORT });
    const request =
      'POST /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\ncontent-type: application/json\r\n\r\n{';
    expect(await raw(app.address, (socket) => socket.write(request))).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('that stays idle after its answer is closed', async () => {
    const app = await started({ timeouts: SHORT });
    const heard = await raw(app.address, (socket) => socket.write('GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'));
    expect(heard).toContain('{"status":"ok"}');
  });

  it.each([
    ['no HTTP at all', 'EHLO mail.test\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a header that never ends', `GET / HTTP/1.1\r\nx: ${'y'.repeat(9_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['two lengths', 'GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'a length and chunks',
      'GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
  ])('that speaks %s gets one clear sentence', async (_name, text, status) => {
    const app = await started();
    const heard = await raw(app.address, (socket) => socket.write(text));
    expect(heard).toMatch(status);
    expect(JSON.parse(heard.slice(heard.indexOf('\r\n\r\n') + 4))).toMatchObject({ error: { code: 'invalid_input' } });
  });

  it('is answered at once while 500 others say nothing', async () => {
    const app = await started({ timeouts: { ...SHORT, requestMs: 20_000, headersMs: 20_000, silenceMs: 20_000 } });
    const { hostname, port } = new URL(app.address);
    const silent = await Promise.all(
      Array.from(
        { length: 500 },
        () =>
          new Promise<Socket>((resolve) => {
            const socket = connect(Number(port), hostname, () => resolve(socket));
            socket.on('error', () => {});
          }),
      ),
    );
    onTestFinished(() => {
      for (const socket of silent) socket.destroy();
    });
    const took: number[] = [];
    for (let i = 0; i < 100; i++) {
      const startedAt = performance.now();
      expect((await app.get('/healthz')).status).toBe(200);
      took.push(performance.now() - startedAt);
    }
    // the median, because the tests of other files share the machine
    expect(took.sort((a, b) => a - b)[50]).toBeLessThan(100);
  });
});

describe('any address and any header', () => {
  it('gets JSON with a known status and nothing of the inside', async () => {
    const app = await started();
    const piece = fc.oneof(
      fc.constantFrom(
        'api',
        'price',
        'healthz',
        'metrics',
        '..',
        '.',
        '',
        '%2e%2e',
        '%00',
        '__proto__',
        'constructor',
        ':(',
        '*',
        ':x(.*)',
      ),
      fc.webSegment(),
    );
    const query = fc.oneof(
      fc.webQueryParameters(),
      fc.constantFrom('symbol=%00', 'symbol[]=a', 'symbol=%ff', 'a=b=c&&&'),
    );
    const requests = fc.record({
      path: fc.oneof(
        fc.constantFrom('/healthz', '/readyz', '/metrics', '/api', '/api/price'),
        fc.array(piece, { maxLength: 4 }).map((pieces) => `/${pieces.join('/')}`),
      ),
      query,
      method: fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS'),
      key: fc.boolean(),
    });
    const seen = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(requests, async ({ path, query, method, key }) => {
        const answer = await app.get(`${path}?${query}`, { method, headers: key ? BEARER : {} });
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
        expect([200, 400, 401, 404, 405]).toContain(answer.status);
        if (method === 'HEAD' || answer.headers.get('content-type')?.startsWith('text/plain')) return;
        const body = answer.json();
        if (answer.status !== 200) expect(Object.keys(body.error)).toEqual(['code', 'message', 'requestId']);
        expect(answer.text).not.toMatch(/node_modules|\.ts:|secret| {4}at /);
      }),
      { numRuns: 200 },
    );
    expect(app.lines).toEqual([]);
    expect([...seen.keys()].length).toBeGreaterThanOrEqual(4);
  });
});
