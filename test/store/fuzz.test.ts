import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startHere } from './backend.ts';
import { both, put, type Trial } from './compare.ts';
import { missing, startReal } from './real-postgrest.ts';

const SCHEMA = fileURLToPath(new URL('./odd-schema', import.meta.url));
const RUNS = 60;
const service = { role: 'service_role' };

const nasty = [
  ...[
    ',',
    '(',
    ')',
    '(a,b)',
    '"',
    '""',
    '\\',
    '\\"',
    '%',
    '_',
    '*',
    "'",
    "';drop table odd;--",
    'null',
    'NULL',
    '',
    ' ',
    ' a ',
  ],
  ...[
    'é',
    'e\u0301',
    '😀',
    '\u202egnp',
    '\n',
    '\t',
    '{',
    '}',
    '{a,b}',
    'eq.1',
    'not.eq.1',
    '.',
    '&=?#+',
    '$1',
    '\u00a0',
    'a\u0000b',
  ],
  ...[
    'x'.repeat(5000),
    '1',
    '1.0',
    '1e3',
    'NaN',
    'Infinity',
    'true',
    't',
    'false',
    '2026-01-02',
    '-1',
    '99999999999999999999',
  ],
];
const text = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'grapheme', maxLength: 12 }));
const word = fc.constantFrom('a', 'b', 'ab', 'A', 'b,"(c)', 'a%_*', 'ann', 'bob', 'z');
const number = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.double({ noNaN: true, noDefaultInfinity: true }));

const columns = ['id', 'owner', 'label', 'amount', 'flag', 'doc', 'seen_at', 'code'] as const;
const values: Record<(typeof columns)[number], fc.Arbitrary<unknown>> = {
  id: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 9 }) }, text),
  owner: fc.oneof({ weight: 6, arbitrary: fc.constantFrom('ann', 'bob') }, text),
  label: fc.oneof(text, word, fc.constant(null)),
  amount: fc.oneof(number, fc.constant(null), fc.constantFrom('1.10', '1e400', 5e6)),
  flag: fc.constantFrom(true, false, null, 'true', 'off', 'x'),
  doc: fc.oneof(fc.jsonValue({ maxDepth: 2 }), text),
  seen_at: fc.constantFrom(null, '2026-01-02T03:04:05.678901Z', '1815-01-01', '2026-02-30', 'infinity', 'now there'),
  code: fc.oneof(word, fc.constant(null)),
};

const quoted = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;
const filterValue = fc.oneof(text, word, number.map(String));
const filter = fc
  .tuple(
    fc.constantFrom(...columns, 'nope'),
    fc.constantFrom('', 'not.'),
    fc.oneof(
      fc
        .tuple(fc.constantFrom('eq', 'neq', 'gt', 'gte', 'lt', 'lte', 'like', 'ilike'), filterValue)
        .map((p) => p.join('.')),
      fc.constantFrom('is.null', 'is.true', 'is.false', 'is.unknown'),
      fc.array(filterValue.map(quoted), { maxLength: 4 }).map((list) => `in.(${list.join(',')})`),
      fc
        .array(
          word.filter((w) => !w.includes('"')),
          { maxLength: 3 },
        )
        .map((list) => `in.(${list.join(',')})`),
    ),
  )
  .map(([column, not, rest]) => `${column}=${encodeURIComponent(not + rest)}`);

const token = fc.oneof(
  { weight: 6, arbitrary: fc.constant(service) },
  { weight: 4, arbitrary: fc.constantFrom('ann', 'bob').map((sub) => ({ role: 'authenticated', sub })) },
  { weight: 1, arbitrary: fc.constantFrom(undefined, { role: 'anon' }, { role: 'service_role', exp: 1 }, 'rubbish') },
);
const row = fc
  .subarray([...columns], { minLength: 1 })
  .chain((keys) => fc.record(Object.fromEntries(keys.map((k) => [k, values[k]]))));
const rows = fc
  .subarray([...columns], { minLength: 1 })
  .chain((keys) => fc.array(fc.record(Object.fromEntries(keys.map((k) => [k, values[k]]))), { maxLength: 3 }));
const select = fc.oneof(
  fc.constantFrom('', 'select=*'),
  fc.subarray([...columns], { minLength: 1 }).map((list) => `select=${list.join(',')}`),
);
const order = fc
  .array(
    fc.tuple(
      fc.constantFrom(...columns),
      fc.constantFrom('', '.asc', '.desc'),
      fc.constantFrom('', '.nullsfirst', '.nullslast'),
    ),
    {
      maxLength: 2,
    },
  )
  // Ends with the key, so that the order is total.
  .map((list) => `order=${[...list.map((part) => part.join('')), 'id'].join(',')}`);
const page = fc
  .tuple(fc.option(fc.nat(12)), fc.option(fc.nat(12)))
  .map(([limit, offset]) =>
    [limit === null ? '' : `limit=${limit}`, offset === null ? '' : `offset=${offset}`].filter(Boolean).join('&'),
  );
const accept = fc.constantFrom({}, {}, {}, { accept: 'application/vnd.pgrst.object+json' });
const prefer = (...parts: string[]) =>
  fc.subarray(parts).map((list) => (list.length === 0 ? {} : { prefer: list.join(',') }));
const path = (table: string, parts: readonly string[]): string => {
  const query = parts.filter((part) => part !== '').join('&');
  return query === '' ? table : `${table}?${query}`;
};

const read = fc
  .tuple(
    fc.constantFrom('GET', 'GET', 'GET', 'HEAD'),
    token,
    select,
    fc.array(filter, { maxLength: 3 }),
    order,
    page,
    accept,
    prefer('count=exact'),
  )
  .map(([method, token, select, filters, order, page, accept, prefer]) => ({
    method,
    token,
    path: path('odd', [select, ...filters, order, page]),
    headers: { ...accept, ...prefer },
  }));
const insert = fc
  .tuple(
    token,
    fc.oneof(row, rows),
    select,
    fc.constantFrom('', 'on_conflict=id', 'on_conflict=code', 'on_conflict=label'),
    accept,
    fc.oneof(
      prefer('return=representation', 'resolution=merge-duplicates'),
      prefer('return=representation', 'resolution=ignore-duplicates', 'count=exact'),
    ),
  )
  .map(([token, body, select, conflict, accept, prefer]) => ({
    method: 'POST',
    token,
    path: path('odd', [select, conflict]),
    headers: { ...accept, ...prefer },
    body: JSON.stringify(body),
  }));
const write = fc
  .tuple(
    fc.constantFrom('PATCH', 'DELETE'),
    token,
    row,
    select,
    filter,
    accept,
    prefer('return=representation', 'count=exact'),
  )
  .map(([method, token, body, select, filter, accept, prefer]) => ({
    method,
    token,
    path: path('odd', [select, filter]),
    headers: { ...accept, ...prefer },
    ...(method === 'PATCH' ? { body: JSON.stringify(body) } : {}),
  }));
const call = fc
  .tuple(
    token,
    fc.oneof(
      fc
        .record({ text_in: fc.oneof(text, number, fc.constant(null)), doc_in: fc.jsonValue({ maxDepth: 2 }) })
        .map((args) => ['echo', args] as const),
      fc.record({ low: fc.oneof(fc.nat(9), text) }).map((args) => ['list_odd', args] as const),
      fc.constantFrom(
        ['labels', {}] as const,
        ['first_odd', {}] as const,
        ['do_nothing', { n: 1 }] as const,
        ['nope', {}] as const,
      ),
    ),
    accept,
  )
  .map(([token, [name, args], accept]) => ({
    method: 'POST',
    token,
    path: `rpc/${name}`,
    headers: accept,
    body: JSON.stringify(args),
  }));
const trial: fc.Arbitrary<Trial> = fc
  .oneof(
    { weight: 4, arbitrary: read },
    { weight: 4, arbitrary: insert },
    { weight: 2, arbitrary: write },
    { weight: 1, arbitrary: call },
  )
  .map(({ token, ...rest }) => (token === undefined ? rest : { ...rest, token }));

describe.skipIf(missing !== undefined)(`random requests ${missing ?? ''}`, () => {
  let embedded: Backend;
  let real: Backend;
  beforeAll(async () => {
    [embedded, real] = await Promise.all([startHere(SCHEMA), startReal(SCHEMA)]);
  });
  afterAll(() => Promise.all([embedded?.stop(), real?.stop()]));

  it('get the same answer from the embedded store as from real PostgREST', async () => {
    const seeds = [
      { id: 1, owner: 'ann', label: 'a', amount: 1.5, flag: true },
      { id: 2, owner: 'bob', label: 'b,"(c)', amount: -3, flag: null },
      { id: 3, owner: 'ann', label: null, amount: null, flag: false },
    ];
    const statuses = new Map<number, number>();
    let undeclared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(trial, { minLength: 10, maxLength: 20 }), async (trials) => {
        for (const backend of [embedded, real]) {
          await put(backend, { method: 'DELETE', path: 'odd?id=not.is.null', token: service });
          const seeded = await put(backend, {
            method: 'POST',
            path: 'odd',
            token: service,
            body: JSON.stringify(seeds),
          });
          expect(seeded.status).toBe(201);
        }
        for (const one of trials) {
          const answers = await both(embedded, real, one);
          if (answers === undefined) {
            undeclared += 1;
            continue;
          }
          expect({ trial: one, ...answers[0] }).toEqual({ trial: one, ...answers[1] });
          statuses.set(answers[0].status, (statuses.get(answers[0].status) ?? 0) + 1);
        }
      }),
      { numRuns: RUNS, seed: 20261121, endOnFailure: true },
    );
    const compared = [...statuses.values()].reduce((sum, n) => sum + n, 0);
    process.stdout.write(
      `compared ${compared} random requests, ${undeclared} undeclared: ${JSON.stringify([...statuses])}\n`,
    );
    expect(compared).toBeGreaterThanOrEqual(500);
    expect(undeclared).toBeLessThan(compared / 50);
  }, 120_000);
});
