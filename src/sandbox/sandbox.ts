import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type DiscordSandbox, startDiscord } from './discord/server.ts';
import { createFaultMenu } from './faults.ts';
import { createKeptTime } from './kept-time.ts';
import type { MarketControl } from './market-control.ts';
import { dayInWords, loadReplayMarket } from './massive/replay-market.ts';
import { type Massive, startMassive } from './massive/start.ts';
import { pageFile } from './page/page-files.ts';
import { createReplayClock } from './replay-clock.ts';
import { dayEndsAt } from './replay-days.ts';

export interface SandboxSettings {
  readonly session: string;
  readonly speed: number;
  readonly port: number;
  readonly paused: boolean;
}

/** How the bot reaches the replay, and what it must say about the numbers. */
interface SandboxMarket {
  readonly account: {
    readonly apiKey: string;
    readonly baseUrl: string;
    readonly wsBase: string;
    readonly streamEnabled: true;
    readonly ratePerMinute: undefined;
  };
  readonly origin: { readonly label: string; noteFor(symbol: string, on?: string): string | undefined };
}

/** What a `.env` would say about the embedded Discord. */
interface SandboxServer {
  readonly token: string;
  readonly guildId: string;
  readonly alertsChannelId: string;
  readonly marketChannelId: string;
  readonly plansChannelId: string;
  readonly opsChannelId: string;
  readonly proRoleId: string;
  readonly ownerId: string;
}

/** The parts that run on this machine for want of a key; each is undefined when its live counterpart is used. */
export interface Sandbox {
  readonly control: MarketControl | undefined;
  readonly massive: (Massive & SandboxMarket) | undefined;
  readonly discord: (DiscordSandbox & { readonly settings: SandboxServer }) | undefined;
  /** A symbol with real minutes in this replay. */
  readonly showcase: string;
  /** Lets the replay run, unless the settings want it paused. */
  begin(): void;
  stop(): Promise<void>;
}

const SHOWCASE: Readonly<Record<string, string>> = { '2015-12-23': 'GOOG', '2013-10-08': 'SPY', '2014-06-06': 'AAPL' };

// the bot token stays the same so that a page left open keeps its bot; it opens nothing outside this process
const TOKEN = 'sandbox.bot.token';
/** Two minutes before the open, so that a visitor sees the session begin. */
const LEAD_MS = 2 * 60_000;

export async function startSandbox(options: {
  readonly settings: SandboxSettings;
  readonly needs: { readonly massive: boolean; readonly discord: boolean };
  readonly dataDir: string;
  readonly log: { warn(detail: object, text: string): void };
}): Promise<Sandbox> {
  const { settings, needs, dataDir, log } = options;
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const undo of stops.splice(0).reverse()) await undo();
  };
  try {
    let control: MarketControl | undefined;
    let massive: Sandbox['massive'];
    if (needs.massive) {
      const market = loadReplayMarket(settings.session);
      const [first] = market.sessions;
      if (!first) throw new Error(`the replay ${settings.session} has no session`);
      const kept = createKeptTime(join(dataDir, 'replay.json'), settings.session);
      const keptAt = kept.read();
      // a replay that has run out begins again
      const endsAt = dayEndsAt(market.sessions, Number.POSITIVE_INFINITY);
      const clock = createReplayClock({
        sessions: market.sessions,
        startAt: keptAt !== undefined && keptAt < endsAt ? keptAt : first.opensAt - LEAD_MS,
        speed: settings.speed,
        // the market waits until the house stands: `begin` lets it run
        paused: true,
      });
      stops.push(clock.stop);
      stops.push(kept.keep(clock.now));
      const apiKey = randomBytes(16).toString('hex');
      const server = await startMassive({ scenario: market, control: clock, apiKey });
      stops.push(server.stop);
      control = clock;
      massive = {
        ...server,
        account: {
          apiKey,
          baseUrl: server.restUrl,
          wsBase: server.wsUrl,
          streamEnabled: true,
          ratePerMinute: undefined,
        },
        origin: {
          // the replay moves on to its next session, and so must what the cards say
          get label() {
            return `Sandbox replay of ${dayInWords(clock.state().sessionOn)}`;
          },
          noteFor: server.caveat,
        },
      };
    }
    let discord: Sandbox['discord'];
    if (needs.discord) {
      const server = await startDiscord({
        port: settings.port,
        host: '127.0.0.1',
        token: TOKEN,
        dataDir: join(dataDir, 'discord'),
        pageFiles: pageFile,
        rateLimits: 'real',
        log,
        ...(control ? { control } : {}),
        faultMenu: (own) => createFaultMenu({ massive: massive?.faults, discord: own }),
      });
      stops.push(server.stop);
      const { token, guildId, channels, roles, users } = server;
      discord = {
        ...server,
        settings: {
          token,
          guildId,
          alertsChannelId: channels.alerts,
          marketChannelId: channels.market,
          plansChannelId: channels.plans,
          opsChannelId: channels.ops,
          proRoleId: roles.pro,
          ownerId: users.owner,
        },
      };
    }
    const begin = (): void => {
      if (!settings.paused) control?.resume();
    };
    return { control, massive, discord, showcase: SHOWCASE[settings.session] ?? 'SPY', begin, stop };
  } catch (err) {
    await stop();
    throw err;
  }
}
