import type { Bar } from '../../src/domain/bar.ts';
import type { Clock } from '../../src/kit/clock.ts';
import { createLives, type Lives } from '../../src/services/lives.ts';
import type { MinutesEar } from '../../src/services/minutes.ts';
import { createTrades, type Trades } from '../../src/services/trades.ts';
import { type HeldClock, heldClock } from '../massive/held-clock.ts';
import { type TradeStore, tradeStore } from './trade-store.ts';

const MINUTE_MS = 60_000;

/** A tape that is played minute by minute, with the past at hand for whoever comes late. */
export interface PlayedTape {
  now: number;
  /** Plays on up to this moment: every minute that closes until then, and that it is complete. */
  playTo(at: number): void;
  readonly minutes: { follow(symbol: string, fromAt: number, ear: MinutesEar): () => void };
  readonly followed: { readonly symbol: string; readonly fromAt: number }[];
  ears(): number;
}

export function playedTape(bars: readonly Bar[], startAt: number): PlayedTape {
  const ears = new Map<MinutesEar, { readonly symbol: string; doneTo: number }>();
  const followed: { symbol: string; fromAt: number }[] = [];
  const tell = (ear: MinutesEar): void => {
    const place = ears.get(ear);
    if (!place) return;
    const to = Math.floor(tape.now / MINUTE_MS) * MINUTE_MS;
    for (const bar of bars) {
      if (bar.symbol === place.symbol && bar.openAt >= place.doneTo && bar.openAt + MINUTE_MS <= to && ears.has(ear)) {
        place.doneTo = bar.openAt + MINUTE_MS;
        ear.bar(bar);
      }
    }
    if (to <= place.doneTo && place.doneTo !== to) return;
    place.doneTo = to;
    if (ears.has(ear)) ear.complete(to);
  };
  const tape: PlayedTape = {
    now: startAt,
    playTo(at) {
      for (let to = Math.floor(tape.now / MINUTE_MS) * MINUTE_MS + MINUTE_MS; to <= at; to += MINUTE_MS) {
        tape.now = to;
        for (const ear of [...ears.keys()]) tell(ear);
      }
      tape.now = at;
    },
    minutes: {
      follow(symbol, fromAt, ear) {
        followed.push({ symbol, fromAt });
        ears.set(ear, { symbol, doneTo: Math.ceil(fromAt / MINUTE_MS) * MINUTE_MS });
        // the past comes a moment later, as it does from REST
        queueMicrotask(() => tell(ear));
        return () => void ears.delete(ear);
      },
    },
    followed,
    ears: () => ears.size,
  };
  return tape;
}

/** Lives and the members' side of them on one store; `restart` is a new process on the same store and tape. */
export interface TradeHouse {
  readonly store: TradeStore;
  readonly tape: PlayedTape;
  readonly wall: HeldClock;
  lives: Lives;
  trades: Trades;
  readonly changed: string[];
  readonly warned: string[];
  price: number | undefined;
  risk: { accountDollars: number; riskPct: number };
  restart(): Promise<void>;
  /** Lets everything that was started come to rest, and waits for what failed run out. */
  settle(): Promise<void>;
}

export function tradeHouse(
  bars: readonly Bar[],
  startAt: number,
  store = tradeStore(),
  { hasRoom = true } = {},
): TradeHouse {
  const tape = playedTape(bars, startAt);
  const clock: Pick<Clock, 'now'> = { now: () => tape.now };
  const wall = heldClock(1_000_000);
  const warned: string[] = [];
  const build = (): Pick<TradeHouse, 'lives' | 'trades'> => {
    const lives = createLives({
      minutes: tape.minutes,
      trades: store.trades,
      alerts: { kick: () => {} },
      clock,
      wall,
      log: { warn: (detail: object | string, phrase?: string) => void warned.push(phrase ?? String(detail)) },
      random: () => 0.5,
    });
    lives.onChange((planId) => house.changed.push(planId));
    const trades = createTrades({
      store: { as: store.as as never, system: { members: { ensure: async () => {} } } },
      lives,
      members: { risk: async () => ({ ...house.risk, isDefault: false }) },
      market: {
        prices: async (symbols) => ({
          value: new Map(
            house.price === undefined ? [] : symbols.map((symbol) => [symbol, { last: house.price ?? 0 }]),
          ),
          asOf: tape.now,
          delayed: false,
        }),
      },
      tape: { last: () => undefined },
      origin: { label: 'test', noteFor: () => undefined },
      clock,
      wall,
      hasRoom,
    });
    return { lives, trades };
  };
  const house: TradeHouse = {
    store,
    tape,
    wall,
    changed: [],
    warned,
    price: undefined,
    risk: { accountDollars: 10_000, riskPct: 1 },
    lives: undefined as never,
    trades: undefined as never,
    async restart() {
      house.lives?.stop();
      Object.assign(house, build());
      await house.lives.start();
    },
    async settle() {
      for (let i = 0; i < 4; i += 1) await new Promise((resolve) => setImmediate(resolve));
    },
  };
  Object.assign(house, build());
  return house;
}
