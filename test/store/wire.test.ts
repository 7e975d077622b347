import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startHere } from './backend.ts';
import { both, put, type Trial } from './compare.ts';
import { missing, startReal } from './real-postgrest.ts';
import { TRIALS } from './trials.ts';
import { TRIALS_OF_WRITES } from './trials-writes.ts';

const SCHEMA = fileURLToPath(new URL('./odd-schema', import.meta.url));
const service = { role: 'service_role' };

describe('a request outside the declared subset', () => {
  let embedded: Backend;
  beforeAll(async () => {
    embedded = await startHere(SCHEMA);
  });
  afterAll(() => embedded.stop());

  const outside: Trial[] = [
    { method: 'GET', path: 'odd?or=(id.eq.1,id.eq.2)' },
    { method: 'GET', path: 'odd?select=id,members(*)' },
    { method: 'GET', path: 'odd?select=doc->a' },
    { method: 'GET', path: 'odd?select=id::text' },
    { method: 'GET', path: 'odd?label=fts.a' },
    { method: 'GET', path: 'odd?label=eq(any).{a,b}' },
    { method: 'GET', path: 'odd?label=is.something' },
    { method: 'GET', path: 'odd?doc->>a=eq.1' },
    { method: 'GET', path: 'odd?limit=-1' },
    { method: 'GET', path: 'odd?label=eq.a%00b' },
    { method: 'GET', path: 'odd?limit=1&limit=2' },
    { method: 'GET', path: 'rpc/labels' },
    { method: 'GET', path: '' },
    { method: 'PUT', path: 'odd?id=eq.1', body: '{"id":1}' },
    { method: 'POST', path: 'odd', body: '5' },
    { method: 'POST', path: 'odd', body: '{"id":1}', headers: { prefer: 'missing=default' } },
    { method: 'POST', path: 'odd', body: '{"id":1}', headers: { prefer: 'return=headers-only' } },
    { method: 'POST', path: 'rpc/labels?order=x', body: '{}' },
    { method: 'POST', path: 'rpc/echo', body: '[{"text_in":"a"}]' },
    { method: 'POST', path: 'rpc/labels', body: '{}', headers: { accept: 'application/vnd.pgrst.object+json' } },
    { method: 'DELETE', path: 'odd?limit=1&order=id' },
    { method: 'GET', path: 'odd?limit=1', headers: { range: '0-1' } },
  ];

  it.each(outside)('gets 501 and is not guessed at: $method $path', async (trial) => {
    const seen = await put(embedded, { ...trial, token: service });
    expect(seen.status).toBe(501);
    expect(seen.body).toMatchObject({ code: 'EMBEDDED501', message: expect.stringContaining('does not answer') });
  });
});

describe.skipIf(missing !== undefined)(`answers of the embedded store beside real PostgREST ${missing ?? ''}`, () => {
  let embedded: Backend;
  let real: Backend;
  beforeAll(async () => {
    [embedded, real] = await Promise.all([startHere(SCHEMA), startReal(SCHEMA)]);
  });
  afterAll(() => Promise.all([embedded?.stop(), real?.stop()]));

  it.each([...TRIALS, ...TRIALS_OF_WRITES])('agree on $method $path $body $headers', async (trial) => {
    const answers = await both(embedded, real, trial);
    expect(answers).toBeDefined();
    expect(answers?.[0]).toEqual(answers?.[1]);
  });
});
