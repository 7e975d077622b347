import { setTimeout as pause } from 'node:timers/promises';
import { atNewYork } from '../../src/domain/session.ts';
import { type House, openHouse } from '../e2e/house.ts';
import { type Row, row, rowAt } from './row.ts';
import { percentile } from './stats.ts';

/** Symbols with recorded minutes and with synthesised ones. */
const SYMBOLS = ['GOOG', 'AAPL', 'MSFT', 'AMZN', 'XOM', 'JPM', 'GE', 'PFE', 'T', 'KO'];
const COMMANDS = ['price', 'movers', 'breadth', 'chart', 'plan build'];
const WITH_SYMBOL = new Set(['price', 'chart', 'plan build']);
const WARM_UP = 5;
const EACH = 100;
/** Discord's limit over all routes is 50 calls a second; an answer takes one of them. */
const PAUSE_MS = 25;
/** What a visitor sees who changes nothing: cached prices grow old while we measure. */
const SPEED = 60;
const LOADING = 1 << 7;

/** Milliseconds from the slash to what the asking member sees. */
export interface Timing {
  readonly ack: number;
  readonly answer: number;
  readonly hasPicture: boolean;
}

/** p50 and p99 from the slash to the acknowledgement and to the finished answer, over the real discord.js and real sockets. */
export async function measureSlash(): Promise<Row[]> {
  const house = await openHouse();
  try {
    await house.runTo(atNewYork('2015-12-23', '10:12'));
    house.control.setSpeed(SPEED);
    house.control.resume();
    const timings = new Map<string, Timing[]>(COMMANDS.map((command) => [command, []]));
    for (let count = -WARM_UP; count < EACH; count += 1) {
      for (const command of COMMANDS) {
        const symbol = SYMBOLS[Math.abs(count) % SYMBOLS.length] ?? 'GOOG';
        const timing = await timed(house, command, symbol);
        if (count >= 0) timings.get(command)?.push(timing);
        await pause(PAUSE_MS);
      }
    }
    const refused = house.discord.requests.filter(({ status }) => status === 429).length;
    const plans = timings.get('plan build')?.filter(({ hasPicture }) => hasPicture).length ?? 0;
    return [
      ...[...timings].flatMap(([command, seen]) => rowsOf(command, seen)),
      row('/plan build: plans with a chart, the others are refusals', 'answers', [plans]),
      row('calls refused for the rate limit, of the last 1,000', 'calls', [refused], '0, or waits are in the times'),
    ];
  } finally {
    await house.stop();
  }
}

/** One command from the slash to what the owner sees. */
export async function timed(house: House, command: string, symbol: string): Promise<Timing> {
  const { discord } = house;
  const startedAt = performance.now();
  let ack = Number.NaN;
  const quiet = discord.person.listen(discord.users.owner, (event) => {
    if (event.type !== 'message' || event.message.author.id !== discord.botId) return;
    if (Number.isNaN(ack) && ((event.message.flags ?? 0) & LOADING) !== 0) ack = performance.now() - startedAt;
  });
  try {
    const message = await house.slash(command, WITH_SYMBOL.has(command) ? [{ name: 'symbol', value: symbol }] : []);
    return { ack, answer: performance.now() - startedAt, hasPicture: message.attachments.length > 0 };
  } finally {
    quiet();
  }
}

function rowsOf(command: string, timings: readonly Timing[]): Row[] {
  return (['ack', 'answer'] as const).flatMap((what) => {
    const times = timings.map((timing) => timing[what]);
    const label = what === 'ack' ? 'slash to acknowledgement' : 'slash to final answer';
    return [
      rowAt(percentile(times, 50), `/${command}: ${label}, p50`, 'ms', times),
      rowAt(percentile(times, 99), `/${command}: ${label}, p99`, 'ms', times),
    ];
  });
}
