import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Part, startPart } from './part.ts';
import { type Row, row } from './row.ts';
import type { LiveSettings } from './startup/far-side.ts';
import type { Use } from './startup/probe.ts';
import { startProgram } from './startup/program.ts';
import { ratios } from './stats.ts';

const ROUNDS = 3;
/** One market hour at 600x. */
const HOUR_MS = 6_000;
const SANDBOX = { SANDBOX_PORT: '0', SANDBOX_SPEED: '600' };
const LOOPBACK = import.meta.resolve('./startup/discord-on-loopback.ts');

/** The ways to start that are told apart. */
const KINDS = ['sandbox first', 'sandbox again', 'live first', 'live again', 'live without compile cache'] as const;
type Kind = (typeof KINDS)[number];

interface Start {
  readonly readyMs: number;
  readonly ready: Use;
  /** Only of the second starts. */
  readonly later?: Use;
}

/** Time and CPU to the ready line and memory after it, of the sandbox and of live mode, starts interleaved. */
export async function measureStartup(): Promise<Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'coach-start-'));
  const farSide = startPart('far-side');
  try {
    const live = await farSide.hear<LiveSettings>();
    const starts = new Map<Kind, Start[]>(KINDS.map((kind) => [kind, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const kind of KINDS) {
        const home = join(folder, `${kind.split(' ')[0]}-${round}`);
        await mkdir(home, { recursive: true });
        starts.get(kind)?.push(await startOf(kind, home, live, farSide));
      }
    }
    return rowsOf((kind) => starts.get(kind) ?? []);
  } finally {
    await farSide.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function startOf(kind: Kind, home: string, live: LiveSettings, farSide: Part): Promise<Start> {
  const isLive = kind.startsWith('live');
  const program = await startProgram({
    folder: home,
    settings: {
      ...(isLive ? live : SANDBOX),
      NODE_COMPILE_CACHE: join(home, 'compile-cache'),
      ...(kind === 'live without compile cache' ? { NODE_DISABLE_COMPILE_CACHE: '1' } : {}),
    },
    ...(isLive ? { preload: LOOPBACK } : {}),
  });
  try {
    const ready = await program.use();
    if (!kind.endsWith('again')) return { readyMs: program.readyMs, ready };
    if (isLive) farSide.tell({ market: 'run' });
    await pause(HOUR_MS);
    if (isLive) farSide.tell({ market: 'pause' });
    return { readyMs: program.readyMs, ready, later: await program.use() };
  } finally {
    await program.stop();
  }
}

function rowsOf(of: (kind: Kind) => readonly Start[]): Row[] {
  const readyMs = (kind: Kind): number[] => of(kind).map((start) => start.readyMs);
  const cpuMs = (kind: Kind): number[] => of(kind).map((start) => start.ready.cpuMs);
  const later = (kind: Kind, key: keyof Use): number[] =>
    of(kind).flatMap((start) => (start.later ? [start.later[key]] : []));
  const memory = (kind: Kind, name: string, goal?: string): Row[] => [
    row(
      `${name}: RSS at the ready line`,
      'MB',
      of(kind).map((start) => start.ready.rssMb),
    ),
    row(`${name}: RSS a market hour later (6 s at 600x)`, 'MB', later(kind, 'rssMb'), goal),
    row(`${name}: highest RSS until then`, 'MB', later(kind, 'peakRssMb')),
  ];
  return [
    row('sandbox, first start (empty data folder and compile cache)', 'ms', readyMs('sandbox first'), 'at most 20,000'),
    row('sandbox, second start (same folder)', 'ms', readyMs('sandbox again')),
    row('sandbox, first start, CPU', 'ms', cpuMs('sandbox first')),
    row('sandbox, second start, CPU', 'ms', cpuMs('sandbox again')),
    ...memory('sandbox again', 'sandbox'),
    row('live*, first start (empty compile cache)', 'ms', readyMs('live first')),
    row('live*, second start', 'ms', readyMs('live again')),
    row('live*, no compile cache (plain type stripping)', 'ms', readyMs('live without compile cache')),
    row('live*, second start, CPU', 'ms', cpuMs('live again')),
    row('live*, no compile cache, CPU', 'ms', cpuMs('live without compile cache')),
    row(
      'live*, second start / no compile cache',
      'ratio',
      ratios(readyMs('live again'), readyMs('live without compile cache')),
      'at most 0.8',
    ),
    row('live*, the same in CPU', 'ratio', ratios(cpuMs('live again'), cpuMs('live without compile cache'))),
    ...memory('live again', 'live*', 'at most 200'),
  ];
}
