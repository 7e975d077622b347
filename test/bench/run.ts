import { parseArgs } from 'node:util';
import { headLine, thisMachine } from './machine.ts';
import { startPart, tellStarter } from './part.ts';
import type { Row } from './row.ts';
import { type Chapter, tableOf } from './table.ts';

interface Section {
  readonly title: string;
  readonly notes?: readonly string[];
  /** Loaded in the section's own process only. */
  measure(): Promise<Row[]>;
}

const SECTIONS: Readonly<Record<string, Section>> = {
  ingest: {
    title:
      '1. Market events: 11,000 symbols, 70 % Q, 25 % T, 5 % A and AM, 100 events a frame, sender in its own process',
    measure: async () => (await import('./ingest.ts')).measureIngest(),
  },
  charts: {
    title: '2. Charts: a plan chart of 120 candles, 1200 x 720 PNG',
    measure: async () => (await import('./charts.ts')).measureCharts(),
  },
  slash: {
    title: '3. Slash commands: the whole product on the sandbox in one process, market at 60x, one after the other',
    measure: async () => (await import('./slash.ts')).measureSlash(),
  },
  coach: {
    title: '3b. The same with a model that never answers: eight questions hang in their threads all the while',
    measure: async () => (await import('./coach.ts')).measureCoach(),
  },
  startup: {
    title: '4. Start-up and memory: process start to the ready line',
    notes: [
      '* all credentials set: Massive, Discord and PostgREST answer from another process on 127.0.0.1. Discord has no setting',
      "  for its address, so fetch is turned there. The board's five indices are watched, not the full market, and the",
      "  market's past year is not read: the replay has none that ends today.",
    ],
    measure: async () => (await import('./startup.ts')).measureStartup(),
  },
  domain: {
    title: '5. Snapshot of 12,000 stocks, breadth, movers, plans, calendar',
    measure: async () => (await import('./domain.ts')).measureDomain(),
  },
};

/** Processes that a section needs beside itself. */
const PARTS: Readonly<Record<string, () => Promise<void>>> = {
  sender: async () => (await import('./ingest/sender.ts')).playSender(),
  'far-side': async () => (await import('./startup/far-side.ts')).playFarSide(),
};

const SECTION_LIMIT_MS = 300_000;

type Outcome = { readonly rows: Row[] } | { readonly failure: string };

async function play(name: string): Promise<void> {
  const section = SECTIONS[name];
  if (!section) return PARTS[name]?.();
  process.on('disconnect', () => process.exit());
  try {
    tellStarter({ rows: await section.measure() } satisfies Outcome);
  } catch (err) {
    tellStarter({ failure: err instanceof Error ? (err.stack ?? err.message) : String(err) } satisfies Outcome);
  }
}

async function measured(name: string, { title, notes }: Section): Promise<Chapter> {
  const head = { title, ...(notes ? { notes } : {}) };
  process.stderr.write(`measuring ${name} ...\n`);
  const part = startPart(name);
  const limit = setTimeout(() => void part.stop(), SECTION_LIMIT_MS);
  try {
    const outcome = await part.hear<Outcome>();
    return 'rows' in outcome ? { ...head, rows: outcome.rows } : { ...head, rows: [], failure: outcome.failure };
  } catch (err) {
    return { ...head, rows: [], failure: err instanceof Error ? err.message : String(err) };
  } finally {
    clearTimeout(limit);
    await part.stop();
  }
}

async function all(only: readonly string[], json: boolean): Promise<void> {
  const unknown = only.filter((name) => !(name in SECTIONS));
  if (unknown.length > 0) {
    process.stderr.write(`There is no section ${unknown.join(', ')}; there are ${Object.keys(SECTIONS).join(', ')}.\n`);
    process.exitCode = 1;
    return;
  }
  const before = thisMachine();
  const startedAt = performance.now();
  const chapters: Chapter[] = [];
  for (const [name, section] of Object.entries(SECTIONS)) {
    if (only.length === 0 || only.includes(name)) chapters.push(await measured(name, section));
  }
  const after = thisMachine();
  const tookS = Math.round((performance.now() - startedAt) / 1_000);
  if (chapters.some(({ failure }) => failure !== undefined)) process.exitCode = 1;
  if (json)
    process.stdout.write(`${JSON.stringify({ machine: before, loadAfter: after.load, tookS, chapters }, null, 2)}\n`);
  else process.stdout.write(`${headLine(before, after)}, ${tookS} s\n\n${tableOf(chapters)}\n`);
}

const { values } = parseArgs({
  options: { json: { type: 'boolean' }, only: { type: 'string', multiple: true }, part: { type: 'string' } },
});
if (values.part === undefined) await all(values.only ?? [], values.json ?? false);
else await play(values.part);
