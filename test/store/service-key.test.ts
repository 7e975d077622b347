import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { createStore } from '../../src/store/store.ts';
import { createTokens } from '../../src/store/tokens.ts';
import { silent } from './backend.ts';
import { stepped, takenBy } from './life.ts';
import { samplePlan } from './plan.ts';

const SOURCES = fileURLToPath(new URL('../../src/store', import.meta.url));
const jwtSecret = 'a secret of more than thirty-two bytes';
const keys = { serviceKey: 'service-key-canary', anonKey: 'anon-key', jwtSecret };

function recorded() {
  const requests: Request[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    requests.push(new Request(input, init));
    return new Response('[]', { status: 200, headers: { 'content-type': 'application/json' } });
  };
  return { requests, store: createStore({ url: 'http://db.invalid', ...keys, fetch, log: silent }) };
}

/** Everything that leaves the process. */
const sent = (request: Request): string => JSON.stringify([request.url, ...request.headers]);

describe('the service key', () => {
  it('never travels with anything that a member asks', async () => {
    const { requests, store } = recorded();
    const ann = store.as('ann');
    const asks = [
      () => ann.watchlist.add('SPY'),
      () => ann.watchlist.remove('SPY'),
      () => ann.watchlist.list(),
      () => ann.risk.get(),
      () => ann.risk.set({ accountDollars: 1, riskPct: 1 }),
      () => ann.plans.save(samplePlan('x')),
      () => ann.plans.get('abcdef'),
      () => ann.plans.list(),
      () => ann.offers.get('abcdef'),
      () => ann.offers.since(0),
      () => ann.trades.take({ trade: takenBy('ann', 'x'), steps: [], alerts: [] }),
      () => ann.trades.apply(stepped(takenBy('ann', 'x')).change, []),
      () => ann.trades.list(),
      () => ann.trades.get('abcdef'),
      () => ann.trades.steps('abcdef'),
    ];
    expect(asks).toHaveLength(Object.values(ann).flatMap((part) => Object.keys(part)).length);
    for (const ask of asks) await ask().catch(() => {});
    expect(requests).toHaveLength(asks.length);
    for (const request of requests) {
      expect(sent(request)).not.toContain(keys.serviceKey);
      expect(request.headers.get('apikey')).toBe(keys.anonKey);
      const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
      expect(decodeJwt(token)).toMatchObject({ sub: 'ann', role: 'authenticated' });
    }
  });

  it('travels with what the house asks', async () => {
    const { requests, store } = recorded();
    await store.system.watchlists.allSymbols();
    expect(requests.map((request) => request.headers.get('authorization'))).toEqual([`Bearer ${keys.serviceKey}`]);
  });

  it('is named only where the clients are made', () => {
    const naming = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
      .filter(
        (file) =>
          file.endsWith('.ts') && /serviceKey|createSystemClient/.test(readFileSync(join(SOURCES, file), 'utf8')),
      )
      .sort();
    expect(naming).toEqual(['clients.ts', join('embedded', 'embedded.ts'), 'store.ts']);
  });
});

describe("a member's token", () => {
  const START = Date.UTC(2026, 0, 5, 14, 30);

  it('is good for five minutes, names the member and nothing else', async () => {
    const token = await createTokens({ jwtSecret, now: () => START }, 'ann')();
    const { payload, protectedHeader } = await jwtVerify(token, new TextEncoder().encode(jwtSecret), {
      currentDate: new Date(START),
    });
    expect(protectedHeader.alg).toBe('HS256');
    expect(payload).toEqual({ sub: 'ann', role: 'authenticated', aud: 'authenticated', exp: START / 1000 + 300 });
  });

  it('is shared by callers at once and renewed a minute before its end', async () => {
    let now = START;
    const tokenOf = createTokens({ jwtSecret, now: () => now }, 'ann');
    const [first, second] = await Promise.all([tokenOf(), tokenOf()]);
    expect(second).toBe(first);
    now = START + 4 * 60_000;
    expect(await tokenOf()).toBe(first);
    now += 1;
    expect(decodeJwt(await tokenOf()).exp).toBe(Math.floor(now / 1000) + 300);
  });
});
