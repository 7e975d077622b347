import { postgresProblem } from './problems.ts';
import { parseRequest, type Wanted } from './request.ts';
import type { RunSql, Schema } from './schema.ts';
import { callSql, deleteSql, insertSql, readSql, type Statement, updateSql } from './statements.ts';
import { identify } from './token.ts';
import { Refused, type WireAnswer, type WireRequest } from './wire.ts';

export interface AnswererDeps {
  readonly schema: Schema;
  readonly jwtSecret: Uint8Array;
  /** Runs `work` in one transaction, undone when it throws. */
  transaction<T>(work: (run: RunSql) => Promise<T>): Promise<T>;
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const OBJECT_TYPE = { 'content-type': 'application/vnd.pgrst.object+json; charset=utf-8' };

function statement(schema: Schema, wanted: Wanted): Statement | undefined {
  if (wanted.verb === 'call') return callSql(schema.procedures.get(wanted.target), wanted);
  const table = schema.tables.get(wanted.target);
  if (table === undefined) {
    throw new Refused(404, { code: '42P01', message: `relation "public.${wanted.target}" does not exist` });
  }
  if (wanted.verb === 'read') return readSql(table, wanted);
  if (wanted.verb === 'insert') return insertSql(table, wanted);
  return wanted.verb === 'update' ? updateSql(table, wanted) : deleteSql(table, wanted);
}

interface Found {
  readonly rows: number;
  readonly total?: number;
  /** Rows that met a duplicate. */
  readonly merged: number;
  readonly body: string;
}

function contentRange(wanted: Wanted, found: Found): string {
  const counted = wanted.verb === 'read' ? found.total : found.rows;
  const total = wanted.exactCount ? String(counted) : '*';
  if (wanted.verb === 'insert' || wanted.verb === 'delete' || found.rows === 0) return `*/${total}`;
  return `${wanted.offset}-${wanted.offset + found.rows - 1}/${total}`;
}

function beyond(offset: number, total: number): Refused {
  const details = `An offset of ${offset} was requested, but there are only ${total} rows.`;
  return new Refused(
    416,
    { code: 'PGRST103', message: 'Requested range not satisfiable', details },
    { 'content-range': `*/${total}` },
  );
}

function answerOf(schema: Schema, wanted: Wanted, found: Found): WireAnswer {
  if (wanted.single && found.rows !== 1) {
    throw new Refused(406, {
      code: 'PGRST116',
      message: 'JSON object requested, multiple (or no) rows returned',
      details: `The result contains ${found.rows} rows`,
    });
  }
  const type = wanted.single ? OBJECT_TYPE : JSON_TYPE;
  const headers = { 'content-range': contentRange(wanted, found) };
  switch (wanted.verb) {
    case 'read': {
      if (found.total !== undefined && wanted.offset > found.total) throw beyond(wanted.offset, found.total);
      const partial = found.total !== undefined && found.rows < found.total;
      return { status: partial ? 206 : 200, headers: { ...type, ...headers }, body: wanted.headOnly ? '' : found.body };
    }
    case 'insert':
      return {
        status: wanted.onDuplicate === 'merge' && found.rows === found.merged ? 200 : 201,
        headers: wanted.representation ? { ...type, ...headers } : headers,
        body: found.body,
      };
    case 'update':
    case 'delete':
      return wanted.representation
        ? { status: 200, headers: { ...type, ...headers }, body: found.body }
        : { status: 204, headers, body: '' };
    case 'call':
      return schema.procedures.get(wanted.target)?.returns === 'void'
        ? { status: 204, headers, body: '' }
        : { status: 200, headers: { ...type, ...headers }, body: found.body };
  }
}

function refusal(refused: Refused, request: WireRequest): WireAnswer {
  const { code, details, hint, message } = refused.problem;
  return {
    status: refused.status,
    headers: { ...JSON_TYPE, ...refused.headers },
    body: request.method === 'HEAD' ? '' : JSON.stringify({ code, details, hint, message }),
  };
}

/** Answers one PostgREST request of the declared subset as the role of its token, in one transaction of its own. */
export function createAnswerer(deps: AnswererDeps): (request: WireRequest) => Promise<WireAnswer> {
  return async (request) => {
    let role = 'anon';
    try {
      const identity = await identify(request.headers.authorization, deps.jwtSecret);
      role = identity.role;
      const wanted = parseRequest(request);
      const planned = statement(deps.schema, wanted);
      if (planned === undefined) {
        return answerOf(deps.schema, wanted, { rows: 0, merged: 0, body: '[]' });
      }
      return await deps.transaction(async (run) => {
        if (wanted.verb === 'read') await run('set transaction read only');
        await run(
          `select pg_catalog.set_config('role', $1, true), pg_catalog.set_config('request.jwt.claims', $2, true)`,
          [role, identity.claims],
        );
        const [row] = await run(planned.sql, planned.params);
        const found: Found = {
          rows: Number(row?.page_total),
          ...(row?.total == null ? {} : { total: Number(row.total) }),
          merged: Number(row?.merged),
          body: row?.body ?? '',
        };
        return answerOf(deps.schema, wanted, found);
      });
    } catch (err) {
      if (err instanceof Refused) return refusal(err, request);
      const problem = postgresProblem(err, role);
      if (problem === undefined) throw err;
      return refusal(problem, request);
    }
  };
}
