import type { ReplayClock } from '../../replay-clock.ts';
import { aftermarketEndsAt, premarketAt } from '../../replay-days.ts';
import type { ReplayMarket } from '../replay-market.ts';
import type { Connection } from './connection.ts';
import { minuteEvent, quoteEvent, secondEvent, tradeEvent, valueEvent } from './events.ts';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** A minute's bar leaves this much market time after the minute. */
const BAR_LATENCY_MS = 200;
const EVENTS_PER_FRAME = 200;
/** Ticks per symbol and real second, whatever the speed. */
const TICKS_PER_SECOND = 4;

type MakeEvent = (market: ReplayMarket, symbol: string, endsAt: number) => object | undefined;

const TICK_CHANNELS: Readonly<Record<string, readonly (readonly [string, MakeEvent])[]>> = {
  stocks: [
    ['Q', quoteEvent],
    ['T', tradeEvent],
    ['A', secondEvent],
  ],
  indices: [
    ['V', valueEvent],
    ['A', secondEvent],
  ],
  options: [],
};

/**
 * Sends the market to the connections in market time: every minute's bars, also those a jump runs through, and ticks
 * sampled so that a symbol gets at most four a real second. What an instant's event says does not depend on the speed.
 */
export function startEmitter(
  market: ReplayMarket,
  clock: Pick<ReplayClock, 'at' | 'now' | 'jumping' | 'state'>,
  connections: ReadonlySet<Connection>,
): () => void {
  const stocks = market.symbols().filter((symbol) => !symbol.startsWith('I:'));
  const indices = market.symbols().filter((symbol) => symbol.startsWith('I:'));
  const symbolsOf = { stocks, indices, options: [] };
  let cancelMinute = (): void => {};
  let cancelTick = (): void => {};

  const deliver = (channel: string, make: MakeEvent, endsAt: number): void => {
    const made = new Map<string, string | undefined>();
    const textOf = (symbol: string): string | undefined => {
      if (made.has(symbol)) return made.get(symbol);
      const event = market.find(symbol) === undefined ? undefined : make(market, symbol, endsAt);
      const text = event === undefined ? undefined : JSON.stringify(event);
      made.set(symbol, text);
      return text;
    };
    for (const connection of connections) {
      if (!connection.authenticated()) continue;
      const symbols = connection.subscriptions.of(channel, symbolsOf[connection.cluster]);
      const texts = symbols.flatMap((symbol) => {
        const text = belongs(symbol, connection) ? textOf(symbol) : undefined;
        return text === undefined ? [] : [text];
      });
      for (let from = 0; from < texts.length; from += EVENTS_PER_FRAME) {
        connection.send(`[${texts.slice(from, from + EVENTS_PER_FRAME).join(',')}]`);
      }
    }
  };

  const emitMinute = (endsAt: number): void => {
    deliver('AM', minuteEvent, endsAt);
    armMinute(endsAt);
  };

  const armMinute = (after: number): void => {
    const endsAt = nextMinuteEnd(market, after);
    if (endsAt !== undefined) cancelMinute = clock.at(endsAt + BAR_LATENCY_MS, () => emitMinute(endsAt));
  };

  const emitTicks = (at: number): void => {
    if (!clock.jumping()) {
      for (const cluster of ['stocks', 'indices'] as const) {
        for (const [channel, make] of TICK_CHANNELS[cluster] ?? []) {
          const wanted = [...connections].some((one) => one.cluster === cluster && one.subscriptions.any([channel]));
          if (wanted) deliverTo(cluster, channel, make, at);
        }
      }
    }
    armTick(at);
  };

  const deliverTo = (cluster: string, channel: string, make: MakeEvent, at: number): void => {
    deliver(
      channel,
      (source, symbol, endsAt) => (belongsTo(symbol, cluster) ? make(source, symbol, endsAt) : undefined),
      at,
    );
  };

  const armTick = (after: number): void => {
    const { speed } = clock.state();
    const step = clock.jumping() ? MINUTE_MS : SECOND_MS * Math.max(1, Math.ceil(speed / TICKS_PER_SECOND));
    const next = (Math.floor(after / step) + 1) * step;
    const at = nextTradingMoment(market, next);
    if (at !== undefined) cancelTick = clock.at(at, () => emitTicks(at));
  };

  armMinute(clock.now());
  armTick(clock.now());
  return () => {
    cancelMinute();
    cancelTick();
  };
}

function belongs(symbol: string, connection: Connection): boolean {
  return belongsTo(symbol, connection.cluster);
}

function belongsTo(symbol: string, cluster: string): boolean {
  return symbol.startsWith('I:') === (cluster === 'indices');
}

function nextMinuteEnd(market: ReplayMarket, after: number): number | undefined {
  const end = (Math.floor(after / MINUTE_MS) + 1) * MINUTE_MS;
  const moment = nextTradingMoment(market, end);
  return moment === end || moment === undefined ? moment : moment + MINUTE_MS;
}

/** The instant itself within a replayed day's extended hours, else the start of the next ones. */
function nextTradingMoment(market: ReplayMarket, at: number): number | undefined {
  const day = market.sessions.find((session) => at < aftermarketEndsAt(session));
  return day === undefined ? undefined : Math.max(at, premarketAt(day));
}
