import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { agreement } from './ingest/end-state.ts';
import { EVENTS_PER_FRAME, SYMBOL_COUNT } from './ingest/frames.ts';
import { plainReader, productReader, type Reader } from './ingest/readers.ts';
import type { Answer, Order } from './ingest/sender.ts';
import { startPart } from './part.ts';
import { type Row, row } from './row.ts';
import { ratios } from './stats.ts';

const FRAMES = 3_000;
const EVENTS = FRAMES * EVENTS_PER_FRAME;
const WARM_UP_ROUNDS = 2;
const ROUNDS = 7;
/** 200,000 events a second for 1.5 s. */
const PACED = { frames: 3_000, framesPerMs: 2, rounds: 5 };

/** Events per CPU-second from the socket to the tape against the plain reader, and the event loop at 200,000 a second. */
export async function measureIngest(): Promise<Row[]> {
  const sender = startPart('sender');
  const readers: Reader[] = [];
  const ask = async <K extends Answer['kind']>(kind: K, order?: Order): Promise<Extract<Answer, { kind: K }>> => {
    if (order) sender.tell(order);
    const answer = await sender.hear<Answer>();
    if (answer.kind !== kind) throw new Error(`the sender said ${answer.kind} and not ${kind}`);
    return answer as Extract<Answer, { kind: K }>;
  };
  try {
    const { url } = await ask('address');
    const plain = await plainReader(url);
    const product = await productReader(url);
    readers.push(plain, product);

    const cpuOf = async (reader: Reader): Promise<number> => {
      const done = reader.after(EVENTS);
      const before = process.cpuUsage();
      const sent = ask('sent', { kind: 'send', path: reader.path });
      await done;
      const { user, system } = process.cpuUsage(before);
      await sent;
      return (user + system) / 1e6;
    };
    const cpu = { plain: [] as number[], product: [] as number[] };
    let bytes = 0;
    let agreed = { same: 0, all: 0 };
    for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
      ({ bytes } = await ask('prepared', { kind: 'prepare', round, frames: FRAMES }));
      const first = round % 2 === 0 ? await cpuOf(plain) : undefined;
      const ours = await cpuOf(product);
      const theirs = first ?? (await cpuOf(plain));
      if (round === 0) agreed = agreement(product.tape, round, EVENTS);
      if (round < WARM_UP_ROUNDS) continue;
      cpu.plain.push(theirs);
      cpu.product.push(ours);
    }
    const perCpuSecond = (seconds: readonly number[]): number[] => seconds.map((each) => EVENTS / each / 1e6);
    return [
      row('plain: ws + JSON.parse + empty handler', 'M events per CPU-s', perCpuSecond(cpu.plain)),
      row('product: socket to stream to feed to tape', 'M events per CPU-s', perCpuSecond(cpu.product)),
      row('CPU per event, product / plain', 'ratio', ratios(cpu.product, cpu.plain), 'at most 0.286 (1/3.5)'),
      row('bytes of one event, frame included', 'bytes', [bytes / EVENTS], 'mix of 116'),
      row(`symbols with the right end state, of ${agreed.all}`, 'symbols', [agreed.same], `${SYMBOL_COUNT}, identical`),
      ...(await eventLoop(plain, product, ask)),
    ];
  } finally {
    for (const reader of readers) reader.stop();
    await sender.stop();
  }
}

type Ask = <K extends Answer['kind']>(kind: K, order?: Order) => Promise<Extract<Answer, { kind: K }>>;

async function eventLoop(plain: Reader, product: Reader, ask: Ask): Promise<Row[]> {
  const events = PACED.frames * EVENTS_PER_FRAME;
  const rates: number[] = [];
  const delays = async (work: () => Promise<unknown>): Promise<{ p99: number; longest: number }> => {
    const loop = monitorEventLoopDelay({ resolution: 1 });
    loop.enable();
    await work();
    loop.disable();
    return { p99: loop.percentile(99) / 1e6, longest: loop.max / 1e6 };
  };
  const under = (reader: Reader) =>
    delays(async () => {
      const done = reader.after(events);
      const sent = ask('sent', { kind: 'send', path: reader.path, framesPerMs: PACED.framesPerMs });
      await done;
      rates.push(events / (await sent).tookMs);
    });
  const seen = { idle: [] as number[], plain: [] as number[], product: [] as number[], longest: [] as number[] };
  for (let round = 0; round < PACED.rounds; round += 1) {
    await ask('prepared', { kind: 'prepare', round: 100 + round, frames: PACED.frames });
    seen.idle.push((await delays(() => pause(1_000))).p99);
    seen.plain.push((await under(plain)).p99);
    const ours = await under(product);
    seen.product.push(ours.p99);
    seen.longest.push(ours.longest);
  }
  return [
    row('rate of the sender in the next rows (200 wanted)', 'k events/s', rates),
    row('event-loop p99, idle (1 ms timer)', 'ms', seen.idle),
    row('event-loop p99, plain', 'ms', seen.plain),
    row('event-loop p99, product', 'ms', seen.product),
    row('event-loop p99, product / plain', 'ratio', ratios(seen.product, seen.plain), 'at most 0.5'),
    row('event loop, longest, product', 'ms', seen.longest),
  ];
}
