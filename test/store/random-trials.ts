import fc from 'fast-check';
import type { Trial } from './compare.ts';

const service = { role: 'service_role' };

const nasty = [
  ...String.raw`, ( ) (a,b) " "" \ \" % _ * ' ';drop/*x*/table null NULL { } {a,b} eq.1 not.eq.1 . &=?#+ $1 é 😀`.split(
    ' ',
  ),
  ...'1 1.0 1e3 NaN Infinity true t false 2026-01-02 -1 99999999999999999999'.split(' '),
  ...['', ' ', ' a ', 'e\u0301', '\u202egnp', '\n', '\t', '\u00a0', 'a\u0000b', 'x'.repeat(5000)],
];
const text = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'grapheme', maxLength: 12 }));
const word = fc.constantFrom('a', 'b', 'ab', 'A', 'b,"(c)', 'a%_*', 'ann', 'bob', 'z');
const number = fc.oneof(fc.integer({ min: -3, max: 12 }), fc.double({ noNaN: true, noDefaultInfinity: true }));

const columns = ['id', 'owner', 'label', 'amount', 'flag', 'doc', 'seen_at', 'code'] as const;
const mostly = <T, U>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<U>): fc.Arbitrary<T | U> =>
  fc.oneof({ weight: 15, arbitrary: usual }, { weight: 1, arbitrary: odd });
const moment = fc.constantFrom('2026-01-02T03:04:05.678901Z', '1815-01-01', 'infinity', '2026-06-30 12:00+02');
const sendable = text.filter((t) => !t.includes('\0'));
const sound: Record<(typeof columns)[number], fc.Arbitrary<unknown>> = {
  id: fc.integer({ min: 0, max: 9 }),
  owner: fc.constantFrom('ann', 'bob'),
  label: fc.oneof(sendable, word, fc.constant(null)),
  amount: fc.oneof(number, fc.constant(null), fc.constantFrom('1.10', 5e6)),
  flag: fc.constantFrom(true, false, null, 'true', 'off'),
  doc: fc.oneof(fc.jsonValue({ maxDepth: 2 }), sendable),
  seen_at: fc.oneof(moment, fc.constant(null)),
  code: fc.oneof(word, fc.constant(null)),
};
const values: typeof sound = {
  ...sound,
  id: mostly(sound.id, text),
  owner: mostly(sound.owner, text),
  label: mostly(sound.label, text),
  amount: mostly(sound.amount, fc.constantFrom('1e400', 'x')),
  flag: mostly(sound.flag, text),
  doc: mostly(sound.doc, text),
  seen_at: mostly(sound.seen_at, fc.constantFrom('2026-02-30', 'now there')),
};

const quoted = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;
const anything = fc.oneof(sendable, word, number.map(String));
const asked: Record<(typeof columns)[number], fc.Arbitrary<string>> = {
  id: mostly(fc.integer({ min: 0, max: 9 }).map(String), anything),
  owner: fc.oneof(word, sendable),
  label: fc.oneof(word, sendable),
  amount: mostly(number.map(String), anything),
  flag: mostly(fc.constantFrom('true', 'false', 't', 'off'), anything),
  doc: mostly(fc.json({ maxDepth: 2 }), anything),
  seen_at: mostly(moment, anything),
  code: fc.oneof(word, sendable),
};
const comparisons = fc.constantFrom('eq', 'neq', 'gt', 'gte', 'lt', 'lte');
const bare = (value: string): boolean => !/[",()\\]/.test(value);
const filter = fc.constantFrom(...columns).chain((column) => {
  const isText = ['owner', 'label', 'code'].includes(column);
  const one = fc.tuple(isText ? fc.oneof(comparisons, fc.constantFrom('like', 'ilike')) : comparisons, asked[column]);
  const is = column === 'flag' ? fc.constantFrom('null', 'true', 'false', 'unknown') : fc.constant('null');
  return fc
    .tuple(
      fc.constantFrom('', 'not.'),
      fc.oneof(
        one.map((pair) => pair.join('.')),
        is.map((value) => `is.${value}`),
        fc.array(asked[column].map(quoted), { maxLength: 4 }).map((list) => `in.(${list.join(',')})`),
        fc.array(asked[column].filter(bare), { maxLength: 3 }).map((list) => `in.(${list.join(',')})`),
      ),
    )
    .map(([not, rest]) => `${column}=${encodeURIComponent(not + rest)}`);
});
const misfit = fc.constantFrom('nope=eq.1', 'id=like.1', 'label=is.true', 'doc=gt.5', 'seen_at=eq.');

const token = fc.oneof(
  { weight: 6, arbitrary: fc.constant(service) },
  { weight: 4, arbitrary: fc.constantFrom('ann', 'bob').map((sub) => ({ role: 'authenticated', sub })) },
  { weight: 1, arbitrary: fc.constantFrom(undefined, { role: 'anon' }, { role: 'service_role', exp: 1 }, 'rubbish') },
);
const someColumns = fc.subarray([...columns], { minLength: 1 });
const ofKeys = (keys: readonly (typeof columns)[number][], from = values) =>
  fc.record(Object.fromEntries(keys.map((k) => [k, from[k]])));
/** Whether Postgres reads a change that fits no row at all is its planner's choice: keep it readable. */
const change = someColumns.chain((keys) => ofKeys(keys, sound));
const rows = mostly(
  someColumns.map((keys) => [...new Set([...keys, 'id' as const, 'owner' as const])]),
  someColumns,
).chain((keys) => fc.oneof(ofKeys(keys), fc.array(ofKeys(keys), { maxLength: 3 })));
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
    fc.array(mostly(filter, misfit), { maxLength: 3 }),
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
    rows,
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
    change,
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
/** Requests of the declared subset with odd values, most of them well-typed; filters on `odd`, order total. */
export const randomTrial: fc.Arbitrary<Trial> = fc
  .oneof(
    { weight: 4, arbitrary: read },
    { weight: 4, arbitrary: insert },
    { weight: 2, arbitrary: write },
    { weight: 1, arbitrary: call },
  )
  .map(({ token, ...rest }) => (token === undefined ? rest : { ...rest, token }));
