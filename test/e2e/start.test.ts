import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PersonState } from '../../src/sandbox/discord/person-api.ts';

let dataDir: string;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'coach-start-'));
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

interface Run {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly err: () => string;
  /** The line that says where to look. */
  readonly greeting: Promise<string>;
  readonly exit: Promise<number | null>;
}

/** The program as `npm start` runs it, with nothing of this machine's settings. */
function run(env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, ['--import', './src/node-version.mjs', 'src/main.ts'], {
    env: {
      PATH: process.env.PATH ?? '',
      DATA_DIR: dataDir,
      SANDBOX_PORT: '0',
      HTTP_PORT: '0',
      ...env,
    },
  });
  running.add(child);
  let out = '';
  let err = '';
  const greeted = Promise.withResolvers<string>();
  greeted.promise.catch(() => undefined);
  child.stdout.on('data', (chunk) => {
    out += chunk;
    const line = out.split('\n').find((one) => one.startsWith('Trading Coach is ready'));
    if (line) greeted.resolve(line);
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const exit = new Promise<number | null>((done) =>
    child.on('close', (code) => {
      running.delete(child);
      greeted.reject(new Error(`ended with ${code}: ${err}`));
      done(code);
    }),
  );
  return { child, out: () => out, err: () => err, greeting: greeted.promise, exit };
}

const pageOf = (greeting: string): string => /http:\/\/127\.0\.0\.1:\d+/.exec(greeting)?.[0] ?? '';
const healthOf = (greeting: string): string => /health at (\S+)\/readyz/.exec(greeting)?.[1] ?? '';

const OWNER_SAYS = { 'content-type': 'application/json' };

async function watch(page: string, symbol: string): Promise<void> {
  const state = (await (await fetch(`${page}/sandbox/state?as=`)).json()) as PersonState;
  const me = state.users[0]?.id ?? '';
  const channelId = state.channels.find((channel) => channel.name === 'coach')?.id ?? '';
  const options = [{ name: 'add', options: [{ name: 'symbol', value: symbol }] }];
  const body = JSON.stringify({ as: me, channelId, nonce: symbol, command: 'watch', options });
  await fetch(`${page}/sandbox/slash`, { method: 'POST', headers: OWNER_SAYS, body });
  await expect
    .poll(
      async () => JSON.stringify(await (await fetch(`${page}/sandbox/channels/${channelId}/messages?as=${me}`)).json()),
      {
        timeout: 15_000,
      },
    )
    .toMatch(new RegExp(`${symbol}[^"]*(is|was) on your watchlist`));
}

async function watched(page: string): Promise<string> {
  const state = (await (await fetch(`${page}/sandbox/state?as=`)).json()) as PersonState;
  const me = state.users[0]?.id ?? '';
  const channelId = state.channels.find((channel) => channel.name === 'ops')?.id ?? '';
  const body = JSON.stringify({
    as: me,
    channelId,
    nonce: 'w',
    command: 'watch',
    options: [{ name: 'list', options: [] }],
  });
  await fetch(`${page}/sandbox/slash`, { method: 'POST', headers: OWNER_SAYS, body });
  let text = '';
  await expect
    .poll(
      async () => {
        text = JSON.stringify(await (await fetch(`${page}/sandbox/channels/${channelId}/messages?as=${me}`)).json());
        return text;
      },
      { timeout: 15_000 },
    )
    .toContain('"title":"Watchlist"');
  return text;
}

describe('the program', () => {
  it('prints one line with the page, is ready, and stops at a signal', async () => {
    const program = run();
    const greeting = await program.greeting;
    expect(program.out().trim().split('\n')).toHaveLength(1);
    expect((await fetch(pageOf(greeting))).status).toBe(200);
    const ready = await fetch(`${healthOf(greeting)}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.text()).toContain('Sandbox replay of 23 Dec 2015');
    program.child.kill('SIGTERM');
    expect(await program.exit).toBe(0);
  });

  it('keeps what was acknowledged through a kill -9', async () => {
    const first = run();
    const page = pageOf(await first.greeting);
    for (const symbol of ['AAPL', 'MSFT', 'GOOG']) await watch(page, symbol);
    first.child.kill('SIGKILL');
    await first.exit;
    const second = run();
    const text = await watched(pageOf(await second.greeting));
    for (const symbol of ['AAPL', 'MSFT', 'GOOG']) expect(text).toContain(symbol);
    second.child.kill('SIGTERM');
    await second.exit;
  });
});

describe('a start that cannot succeed says what was found and what is needed, in a sentence', () => {
  it('on a page port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as { port: number };
    const program = run({ SANDBOX_PORT: String(port) });
    expect(await program.exit).toBe(1);
    expect(program.err()).toMatch(new RegExp(`^Port ${port} is already in use.*SANDBOX_PORT`));
    other.close();
  });

  it('on a health port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => other.once('listening', done));
    const { port } = other.address() as { port: number };
    const program = run({ HTTP_PORT: String(port) });
    expect(await program.exit).toBe(1);
    expect(program.err()).toMatch(/HTTP_PORT/);
    expect(program.err().trim().split('\n')).toHaveLength(1);
    other.close();
  });

  it('on a data folder that another process holds', async () => {
    const holder = run();
    await holder.greeting;
    const program = run();
    expect(await program.exit).toBe(1);
    expect(program.err()).toContain(`in use by process ${holder.child.pid}`);
    holder.child.kill('SIGTERM');
    await holder.exit;
  });

  it('on a corrupt data folder, and deletes nothing of it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'coach-corrupt-'));
    const first = run({ DATA_DIR: folder });
    await first.greeting;
    first.child.kill('SIGTERM');
    await first.exit;
    await writeFile(join(folder, 'pg18', 'global', 'pg_control'), 'not a control file');
    const program = run({ DATA_DIR: folder });
    expect(await program.exit).toBe(1);
    expect(program.err()).toContain(folder);
    expect(program.err()).not.toMatch(/\bat .*\.ts:\d+/);
    await rm(folder, { recursive: true, force: true });
  });

  it('on wrong settings: all of them at once, never a value', async () => {
    const program = run({
      SANDBOX_SPEED: 'very fast',
      FEATURE_POLYGON_ENABLED: 'true',
      DISCORD_TOKEN: 'hunter2hunter2',
    });
    expect(await program.exit).toBe(1);
    for (const name of ['SANDBOX_SPEED', 'FEATURE_POLYGON_ENABLED', 'DISCORD_GUILD_ID'])
      expect(program.err()).toContain(name);
    expect(program.err()).not.toMatch(/very fast|hunter2/);
  });
});

describe('a live host that cannot be reached', () => {
  it('leaves the bot up: status says what is down, and a price says so in a sentence', async () => {
    const program = run({
      MASSIVE_API_KEY: 'k'.repeat(32),
      MASSIVE_BASE_URL: 'http://127.0.0.1:9',
      MASSIVE_WS_BASE: 'ws://127.0.0.1:9',
    });
    const greeting = await program.greeting;
    const page = pageOf(greeting);
    const state = (await (await fetch(`${page}/sandbox/state?as=`)).json()) as PersonState;
    const me = state.users[0]?.id ?? '';
    const channelId = state.channels.find((channel) => channel.name === 'plans')?.id ?? '';
    const type = (command: string, options: object[]) =>
      fetch(`${page}/sandbox/slash`, {
        method: 'POST',
        headers: OWNER_SAYS,
        body: JSON.stringify({ as: me, channelId, nonce: command, command, options }),
      });
    const read = async () =>
      JSON.stringify(await (await fetch(`${page}/sandbox/channels/${channelId}/messages?as=${me}`)).json());
    await type('status', []);
    await expect.poll(read, { timeout: 20_000 }).toMatch(/Market data[^"]*(degraded|down)/);
    await type('price', [{ name: 'symbol', value: 'SPX' }]);
    await expect.poll(read, { timeout: 20_000 }).toMatch(/Massive did not answer|Massive has failed repeatedly/);
    program.child.kill('SIGTERM');
    expect(await program.exit).toBe(0);
  });
});
