import { filterSql, unknownColumn } from './filters.ts';
import { payloadKeys } from './payload.ts';
import type { Wanted } from './request.ts';
import type { Procedure, Table } from './schema.ts';
import { Refused } from './wire.ts';

/** One statement whose only row holds `page_total`, `total` (null when not asked) and `body`. */
export interface Statement {
  readonly sql: string;
  readonly params: readonly string[];
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function column(table: Table, name: string): string {
  if (!table.columns.has(name)) throw unknownColumn(table.name, name);
  return `public.${quote(table.name)}.${quote(name)}`;
}

function selection(table: Table, select: Wanted['select']): string {
  return select === '*' ? `public.${quote(table.name)}.*` : select.map((name) => column(table, name)).join(', ');
}

function typeOf(table: Table, name: string): string {
  const type = table.columns.get(name);
  if (type === undefined) {
    throw new Refused(400, {
      code: 'PGRST204',
      message: `Could not find the '${name}' column of '${table.name}' in the schema cache`,
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

function wrap(source: string, wanted: Pick<Wanted, 'single'>, hasBody: boolean, total = 'null'): string {
  const body = wanted.single
    ? `coalesce(pg_catalog.json_agg(t) -> 0, 'null')`
    : `coalesce(pg_catalog.json_agg(t), '[]')`;
  return `with source as (${source}) select ${total} as total, pg_catalog.count(*) as page_total, ${hasBody ? body : "''"} as body from (select * from source) t`;
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
  return { sql: wrap(source, wanted, true, total), params: params.values };
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
  for (const name of target) typeOf(table, name);
  let conflict = '';
  if (wanted.onDuplicate !== undefined && target.length > 0 && keys.length > 0) {
    const action =
      wanted.onDuplicate === 'ignore' ? 'nothing' : `update set ${list.map((k) => `${k} = excluded.${k}`).join(', ')}`;
    conflict = ` on conflict (${target.map(quote).join(', ')}) do ${action}`;
  }
  return {
    sql: wrap(source + conflict + returning(table, wanted), wanted, wanted.representation),
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
  return { sql: wrap(source, wanted, wanted.representation), params: params.values };
}

/** SQL of a DELETE. */
export function deleteSql(table: Table, wanted: Wanted): Statement {
  const params = new Parameters();
  const source = `delete from public.${quote(table.name)}${where(table, wanted, params)}${returning(table, wanted)}`;
  return { sql: wrap(source, wanted, wanted.representation), params: params.values };
}

/** SQL of a function call with named arguments from the JSON body; a missing required or an unknown one is a 404. */
export function callSql(procedure: Procedure | undefined, wanted: Wanted): Statement {
  const keys = wanted.body === '' ? [] : payloadKeys(wanted.body, undefined).keys;
  const given = procedure?.args.filter((arg) => keys.includes(arg.name)) ?? [];
  const missing = procedure?.args.some((arg) => !arg.optional && !keys.includes(arg.name)) ?? true;
  if (procedure === undefined || missing || given.length !== keys.length) {
    throw new Refused(404, {
      code: 'PGRST202',
      message: `Could not find the function public.${wanted.target}${keys.length === 0 ? '' : `(${keys.join(', ')})`} in the schema cache`,
    });
  }
  const definition = given.map((arg) => `${quote(arg.name)} ${arg.type}`).join(', ');
  const args = given.map((arg) => `${quote(arg.name)} := a.${quote(arg.name)}`).join(', ');
  const call = `public.${quote(procedure.name)}(${args})`;
  const from = given.length === 0 ? '' : `pg_catalog.json_to_record($1::json) as a(${definition})`;
  const params = given.length === 0 ? [] : [wanted.body];
  if (procedure.returns === 'rows') {
    const source = `select r.* from ${from === '' ? '' : `${from}, lateral `}${call} r`;
    return { sql: wrap(source, { single: wanted.single || !procedure.many }, true), params };
  }
  const list = procedure.many
    ? `coalesce(pg_catalog.json_agg(t.v), '[]')`
    : `coalesce(pg_catalog.json_agg(t.v) -> 0, 'null')`;
  const body = procedure.returns === 'void' ? "''" : list;
  const source = `select ${call} as v${from === '' ? '' : ` from ${from}`}`;
  return {
    sql: `with source as (${source}) select null as total, pg_catalog.count(*) as page_total, ${body} as body from source t`,
    params,
  };
}
