import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commands } from '../../commands/index.ts';
import { atNewYork } from '../../src/domain/session.ts';
import { type House, openHouse } from './house.ts';

const KEY = 'e2e-admin-key-of-forty-characters-0123456';
let house: House;
beforeAll(async () => {
  house = await openHouse({ env: { ADMIN_KEY: KEY } });
  await house.runTo(atNewYork('2015-12-23', '10:12'));
});
afterAll(() => house?.stop());

const get = (path: string, key: string | undefined = KEY) =>
  fetch(house.app.httpAddress + path, key === undefined ? {} : { headers: { authorization: `Bearer ${key}` } });

const QUERY: Readonly<Record<string, string>> = {
  '/api/price': '?symbol=GOOG',
  '/api/news': '?symbol=AAPL',
  '/api/levels': '?symbol=GOOG',
  '/api/plan': '?symbol=GOOG',
};

describe('the HTTP face of the running house', () => {
  it('is healthy and ready without a key, and says of each part how it is', async () => {
    expect(await (await get('/healthz', '')).json()).toEqual({ status: 'ok' });
    const ready = await get('/readyz', '');
    expect(ready.status).toBe(200);
    const { components } = (await ready.json()) as { components: { name: string; state: string; reason: string }[] };
    expect(components.map((one) => one.name)).toEqual([
      'Market data',
      'Scanner',
      'Discord',
      'Database',
      'Coach',
      'Data licence',
    ]);
    for (const { reason } of components) expect(reason.length).toBeGreaterThan(0);
  });

  it.each(commands.flatMap((command) => command.route ?? []))(
    'answers GET %s with the key and not without',
    async (route) => {
      const path = route + (QUERY[route] ?? '');
      expect((await get(path, 'wrong')).status).toBe(401);
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(JSON.stringify(await answer.json())).toContain('"source":"Sandbox replay of 23 Dec 2015"');
    },
  );

  it('counts what was asked, for Prometheus, behind the key', async () => {
    expect((await get('/metrics', 'wrong')).status).toBe(401);
    const text = await (await get('/metrics')).text();
    expect(text).toMatch(/command_seconds_count\{command="price",outcome="ok"\} \d/);
    expect(text).toMatch(/stream_up\{feed="stocks"\} 1/);
    expect(text).not.toContain(KEY);
  });

  it('says in a sentence what is wrong with a question', async () => {
    const answer = await get('/api/price?symbol=NOPE');
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      error: { code: 'not_found', message: expect.stringContaining('NOPE') },
    });
    expect((await get('/api/price')).status).toBe(400);
    expect((await get('/api/risk?account=1&percent=1')).status).toBe(404);
  });
});
