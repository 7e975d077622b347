import { filterSql } from './filters.ts';
import { payloadKeys } from './payload.ts';
import type { Wanted } from './request.ts';
import type { Procedure, Table } from './schema.ts';
import { Refused, undeclared } from './wire.ts';

/** One statement whose only row holds `page_total`, `total` (null when not asked), `merged` and `body`. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly string[];
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

// A column that is not there is Postgres's to refuse: its hint and its order among other mistakes are part of the answer.
const column = (table: Table, name: string): string => `public.${quote(table.name)}.${quote(name)}`;

function selection(table: Table, select: Wanted['select']): string {
  return select === '*' ? `public.${quote(table.name)}.*` : select.map((name) => column(table, name)).join(', ');
}

function typeOf(table: Table, name: string): string {
  const type = table.columns.get(name);
  if (type === undefined) {
    throw new Refused(400, {
      code: 'PGRST204',
      message: `Column '${name}' of relation '${table.name}' does not exist`,
    });
  }
  return type;
}

class Parameters {
  readonly values: string[] = [];
  readonly bind = (value: string): string => `$${this.values.push(value)}`;
}

function where(table: Table, wanted: Wanted, params: Parameters): string {
  const parts = wanted.filters.map((filter) => filterSql(filter, column(table, filter.column), params.bind));
  return parts.length === 0 ? '' : ` where ${parts.join(' and ')}`;
}

const MERGED = `nullif(pg_catalog.current_setting('embedded.merged', true), '')`;
/** True for every row; counts those that met a duplicate, as the insert itself cannot tell. */
const COUNT_MERGED = `pg_catalog.set_config('embedded.merged', (coalesce(${MERGED}, '0')::int + 1)::text, true) <> ''`;

/** The one row of every statement around the rows of `source`; `value` names a lone scalar column. */
function wrap(source: string, shape: { single: boolean; body: boolean; total?: string; value?: string }): string {
  const all = `pg_catalog.json_agg(t${shape.value === undefined ? '' : `.${shape.value}`})`;
  const body = shape.single ? `coalesce(${all} -> 0, 'null')` : `coalesce(${all}, '[]')`;
  const columns = [
    `${shape.total ?? 'null'} as total`,
    'pg_catalog.count(*) as page_total',
    `coalesce(${MERGED}, '0') as merged`,
    `${shape.body ? body : "''"} as body`,
  ];
  return `with source as (${source}) select ${columns.join(', ')} from (select * from source) t`;
}

/** SQL of a GET or HEAD. */
export function readSql(table: Table, wanted: Wanted): Statement {
  const params = new Parameters();
  const from = `public.${quote(table.name)}`;
  const condition = where(table, wanted, params);
  const order = wanted.order.map(
    (o) => `${column(table, o.column)} ${o.direction}${o.nulls === undefined ? '' : ` nulls ${o.nulls}`}`,
  );
  const source = [
    `select ${selection(table, wanted.select)} from ${from}${condition}`,
    order.length === 0 ? '' : `order by ${order.join(', ')}`,
    wanted.limit === undefined ? '' : `limit ${wanted.limit}`,
    `offset ${wanted.offset}`,
  ].join(' ');
  const total = wanted.exactCount ? `(select pg_catalog.count(*) from (select 1 from ${from}${condition}) c)` : 'null';
  return { sql: wrap(source, { single: wanted.single, body: true, total }), params: params.values };
}

/** Payload rows as a typed relation named `payload`. */
function payload(table: Table, keys: readonly string[], placeholder: string): string {
  const definition = keys.map((key) => `${quote(key)} ${typeOf(table, key)}`).join(', ');
  const rows = `case when pg_catalog.json_typeof(b.j) = 'array' then b.j else pg_catalog.json_build_array(b.j) end`;
  return `(select ${placeholder}::json as j) b, lateral pg_catalog.json_to_recordset(${rows}) as payload(${definition})`;
}

function returning(table: Table, wanted: Wanted): string {
  return wanted.representation ? ` returning ${selection(table, wanted.select)}` : ' returning 1';
}

const written = (wanted: Wanted) => ({ single: wanted.single, body: wanted.representation });

/** SQL of a POST on a table. */
export function insertSql(table: Table, wanted: Wanted): Statement {
  const params = new Parameters();
  const { keys, rows } = payloadKeys(wanted.body, wanted.columns);
  const into = `public.${quote(table.name)}`;
  const list = keys.map((key) => {
    typeOf(table, key);
    return quote(key);
  });
  const source =
    keys.length === 0
      ? rows === 0
        ? `insert into ${into} select where false`
        : `insert into ${into} default values`
      : `insert into ${into} (${list.join(', ')}) select ${list.map((k) => `payload.${k}`).join(', ')} from ${payload(table, keys, params.bind(wanted.body))}`;
  const target = wanted.conflictColumns ?? table.primaryKey;
  for (const name of target) {
    if (!table.columns.has(name)) throw new Refused(400, { code: '42703', message: `column "${name}" does not exist` });
  }
  let conflict = '';
  if (wanted.onDuplicate !== undefined && target.length > 0) {
    const action =
      wanted.onDuplicate === 'ignore' || keys.length === 0
        ? 'nothing'
        : `update set ${list.map((k) => `${k} = excluded.${k}`).join(', ')} where ${COUNT_MERGED}`;
    conflict = ` on conflict (${target.map(quote).join(', ')}) do ${action}`;
  }
  return {
    sql: wrap(source + conflict + returning(table, wanted), written(wanted)),
    params: params.values,
  };
}

/** SQL of a PATCH; undefined when the payload has nothing to set. */
export function updateSql(table: Table, wanted: Wanted): Statement | undefined {
  const params = new Parameters();
  const { keys } = payloadKeys(wanted.body, wanted.columns);
  if (keys.length === 0) return undefined;
  const from = payload(table, keys, params.bind(wanted.body));
  const set = keys.map((key) => `${quote(key)} = payload.${quote(key)}`).join(', ');
  const source = `update public.${quote(table.name)} set ${set} from ${from}${where(table, wanted, params)}${returning(table, wanted)}`;
  return { sql: wrap(source, written(wanted)), params: params.values };
}

/** SQL of a DELETE. */
export function deleteSql(table: Table, wanted: Wanted): Statement {
  const params = new Parameters();
  const source = `delete from public.${quote(table.name)}${where(table, wanted, params)}${returning(table, wanted)}`;
  return { sql: wrap(source, written(wanted)), params: params.values };
}

function unknownFunction(name: string, keys: readonly string[]): Refused {
  const list = keys.join(', ');
  const plain = keys.length === 0;
  const searched = plain ? 'without parameters' : `with parameter${keys.length > 1 ? 's' : ''} ${list}`;
  return new Refused(404, {
    code: 'PGRST202',
    message: `Could not find the function public.${name}${plain ? ' without parameters' : `(${list})`} in the schema cache`,
    details: `Searched for the function public.${name} ${searched} or with a single unnamed json/jsonb parameter, but no matches were found in the schema cache.`,
  });
}

/** SQL of a function call with named arguments from the JSON body; a missing required or an unknown one is a 404. */
export function callSql(procedure: Procedure | undefined, wanted: Wanted): Statement {
  const keys = wanted.body === '' ? [] : payloadKeys(wanted.body, undefined).keys;
  if (wanted.body.trimStart().startsWith('[')) throw undeclared('an array as the arguments of a function');
  const given = procedure?.args.filter((arg) => keys.includes(arg.name)) ?? [];
  const missing = procedure?.args.some((arg) => !arg.optional && !keys.includes(arg.name)) ?? true;
  if (procedure === undefined || missing || given.length !== keys.length) throw unknownFunction(wanted.target, keys);

  const definition = given.map((arg) => `${quote(arg.name)} ${arg.type}`).join(', ');
  const args = given.map((arg) => `${quote(arg.name)} := a.${quote(arg.name)}`).join(', ');
  const call = `public.${quote(procedure.name)}(${args})`;
  const record = given.length === 0 ? '' : `pg_catalog.json_to_record($1::json) as a(${definition})`;
  const params = given.length === 0 ? [] : [wanted.body];
  const single = wanted.single || !procedure.many;
  if (procedure.returns === 'rows') {
    const source = `select r.* from ${record === '' ? '' : `${record}, lateral `}${call} r`;
    return { sql: wrap(source, { single, body: true }), params };
  }
  if (procedure.many && wanted.single) throw undeclared('one of a list of plain values');
  const source = `select ${call} as v${record === '' ? '' : ` from ${record}`}`;
  return { sql: wrap(source, { single, body: procedure.returns !== 'void', value: 'v' }), params };
}
