import type { Bar } from '../domain/bar.ts';
import { createCalendar } from '../domain/session.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { Env } from '../kit/env.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';
import { createProvider } from '../massive/provider.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { createHistory } from '../services/history.ts';
import { holidaysOrNone } from '../services/holidays.ts';
import { createInstruments } from '../services/instruments.ts';
import { createMarket } from '../services/market.ts';
import { createMembers } from '../services/members.ts';
import { createMinutes } from '../services/minutes.ts';
import { provenanceOf } from '../services/origin.ts';
import { createPanel } from '../services/panel.ts';
import type { Services } from '../services/services.ts';
import { createTape } from '../services/tape.ts';
import { createWatched } from '../services/watched.ts';
import type { Store } from '../store/store.ts';
import { type OnStop, present } from './parts.ts';

export type MarketPart = Awaited<ReturnType<typeof openMarket>>;

/** Everything between the provider's sockets and the services that ask about the market; silent until its parts are started. */
export async function openMarket(deps: {
  env: Env;
  sandbox: Sandbox;
  store: Store;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  onStop: OnStop;
  /** New minutes, after those who must have them in order. */
  onBars: (bars: readonly Bar[]) => void;
  onWatchlistChange: () => void;
}) {
  const { env, sandbox, store, clock, log, metrics, onStop, onBars } = deps;
  const tape = createTape(metrics);
  const provider = createProvider({
    settings: env.massive ?? present(sandbox.massive).account,
    clock,
    // no event comes before the feed is started, and by then all of this stands
    sink(events) {
      const bars = tape.apply(events);
      minutes.onBars(bars);
      onBars(bars);
    },
    log,
    metrics,
  });
  onStop(provider.stop);
  const { rest, feed } = provider;
  const minutes = createMinutes({ rest, feed, clock, log });
  const origin = sandbox.massive?.origin ?? { label: 'Massive', noteFor: () => undefined };
  const calendar = createCalendar(await holidaysOrNone(rest, log));
  const watched = createWatched({ watchlists: store.system.watchlists, feed, log });
  const panel = createPanel({
    rest,
    snapshots: store.system.snapshots,
    calendar,
    clock,
    wall: systemClock,
    ratePerMinute: env.massive?.ratePerMinute,
    log,
    metrics,
  });
  const changed = (): void => {
    watched.refresh();
    deps.onWatchlistChange();
  };
  const provenance: Services['provenance'] = (answer, symbols, bars) => provenanceOf(origin, answer, symbols, bars);
  return {
    provider,
    rest,
    feed,
    tape,
    minutes,
    origin,
    calendar,
    watched,
    panel,
    provenance,
    members: createMembers({ store, onWatchlistChange: changed }),
    history: createHistory({ rest, calendar, clock }),
    instruments: createInstruments({ rest }),
    market: createMarket({ rest, tape, feed, panel }),
  };
}
