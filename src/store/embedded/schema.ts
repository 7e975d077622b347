export interface Table {
  readonly name: string;
  /** Column name to SQL type: `numeric`, `timestamp with time zone`. */
  readonly columns: ReadonlyMap<string, string>;
  readonly primaryKey: readonly string[];
}

export interface Procedure {
  readonly name: string;
  readonly args: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[];
  readonly returns: 'void' | 'scalar' | 'rows';
  readonly many: boolean;
}

/** What the `public` schema offers, as found in the database; nothing else can be named in a request. */
export interface Schema {
  readonly tables: ReadonlyMap<string, Table>;
  readonly procedures: ReadonlyMap<string, Procedure>;
}

/** Runs SQL whose parameters and results are text. */
export type RunSql = (sql: string, params?: readonly (string | null)[]) => Promise<Record<string, string | null>[]>;

const TABLES = `
  select c.relname as name,
    (select pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)) order by a.attnum)
       from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    coalesce((select pg_catalog.json_agg(a.attname order by a.attnum)
       from pg_catalog.pg_index i join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
       where i.indrelid = c.oid and i.indisprimary), '[]') as primary_key
  from pg_catalog.pg_class c where c.relnamespace = 'public'::pg_catalog.regnamespace and c.relkind = 'r'`;

const PROCEDURES = `
  select p.proname as name, p.proretset as many, p.pronargdefaults as defaults,
    case when p.prorettype = 'void'::pg_catalog.regtype then 'void' when t.typtype = 'c' then 'rows' else 'scalar' end as returns,
    coalesce((select pg_catalog.json_agg(pg_catalog.json_build_array(p.proargnames[a.n], pg_catalog.format_type(a.type, null)) order by a.n)
       from unnest(p.proargtypes::pg_catalog.oid[]) with ordinality a(type, n)), '[]') as args
  from pg_catalog.pg_proc p join pg_catalog.pg_type t on t.oid = p.prorettype
  where p.pronamespace = 'public'::pg_catalog.regnamespace and p.prokind = 'f' and p.prorettype <> 'trigger'::pg_catalog.regtype`;

/** Reads the schema once at start; migrations have run by then. */
export async function introspect(run: RunSql): Promise<Schema> {
  const tables = (await run(TABLES)).map((row): [string, Table] => {
    const columns: [string, string][] = JSON.parse(row.columns ?? '[]');
    return [
      String(row.name),
      { name: String(row.name), columns: new Map(columns), primaryKey: JSON.parse(row.primary_key ?? '[]') },
    ];
  });
  const procedures = (await run(PROCEDURES)).map((row): [string, Procedure] => {
    const args: [string, string][] = JSON.parse(row.args ?? '[]');
    const firstOptional = args.length - Number(row.defaults);
    return [
      String(row.name),
      {
        name: String(row.name),
        args: args.map(([name, type], i) => ({ name, type, optional: i >= firstOptional })),
        returns: row.returns === 'void' || row.returns === 'rows' ? row.returns : 'scalar',
        many: row.many === 't',
      },
    ];
  });
  return { tables: new Map(tables), procedures: new Map(procedures) };
}
