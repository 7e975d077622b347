import { AppError } from '../kit/errors.ts';
import type { Faults as DiscordFaults } from './discord/faults.ts';
import type { PersonFault } from './discord/person-api.ts';
import type { FaultMenu } from './fault-menu.ts';
import type { MassiveFaults } from './massive/faults.ts';

interface Fault extends Omit<PersonFault, 'on'> {
  isOn(): boolean;
  turn(on: boolean): void;
}

const SLOW_MS = 3_000;
const BOT_SENDS = /^POST \/channels\/:channel\/messages$/;

/** The faults menu over what runs in this sandbox; a part that is live cannot be broken and has no entries. */
export function createFaultMenu(parts: {
  readonly massive?: MassiveFaults | undefined;
  readonly discord?: Pick<DiscordFaults, 'killSockets' | 'reconnect' | 'failNext'> | undefined;
}): FaultMenu {
  const listeners = new Set<(faults: readonly PersonFault[]) => void>();
  const list = (): readonly PersonFault[] =>
    faults.map(({ key, label, hint, group, kind, isOn }) => ({ key, label, hint, group, kind, on: isOn() }));
  const tell = (): void => {
    const now = list();
    for (const listener of [...listeners]) listener(now);
  };
  const faults: readonly Fault[] = [
    ...(parts.massive ? marketFaults(parts.massive) : []),
    ...(parts.discord ? discordFaults(parts.discord, tell) : []),
  ];
  return {
    list,
    set(key, on) {
      const fault = faults.find((one) => one.key === key);
      if (!fault)
        throw new AppError(
          'not_found',
          `There is no fault "${key}" here, need one of: ${faults.map((one) => one.key).join(', ') || 'none'}.`,
        );
      fault.turn(on);
      tell();
    },
    onChange(fn) {
      listeners.add(fn);
      return () => listeners.delete(fn);
    },
  };
}

function marketFaults(massive: MassiveFaults): readonly Fault[] {
  const market = { group: 'market', kind: 'switch' } as const;
  const restStatus = (status: 429 | 503): Pick<Fault, 'isOn' | 'turn'> => ({
    isOn: () => massive.restStatus === status,
    turn: (on) => {
      if (on) massive.restStatus = status;
      else if (massive.restStatus === status) massive.restStatus = undefined;
    },
  });
  return [
    {
      ...market,
      key: 'stream_cut',
      label: 'Data stream cut',
      hint: 'No live stream; single requests still work',
      isOn: () => massive.refuseStreams,
      turn: (on) => {
        massive.refuseStreams = on;
        if (on) massive.dropSockets();
      },
    },
    {
      ...market,
      key: 'provider_unreachable',
      label: 'Provider unreachable',
      hint: 'Stream and requests are cut off at once',
      isOn: () => massive.refuseConnections,
      turn: (on) => {
        massive.refuseConnections = on;
        if (on) massive.dropSockets();
      },
    },
    {
      ...market,
      key: 'provider_silent',
      label: 'Provider silent',
      hint: 'Everything stays connected, nothing answers',
      isOn: () => massive.blackHole,
      turn: (on) => {
        massive.blackHole = on;
      },
    },
    { ...market, key: 'rest_503', label: 'Requests fail', hint: 'Each request is answered by 503', ...restStatus(503) },
    {
      ...market,
      key: 'rest_429',
      label: 'Rate limit hit',
      hint: 'Each request is answered by 429',
      ...restStatus(429),
    },
    {
      ...market,
      key: 'rest_slow',
      label: 'Requests slow',
      hint: 'Each answer takes 3 seconds longer',
      isOn: () => massive.restDelayMs > 0,
      turn: (on) => {
        massive.restDelayMs = on ? SLOW_MS : 0;
      },
    },
  ];
}

function discordFaults(
  discord: Pick<DiscordFaults, 'killSockets' | 'reconnect' | 'failNext'>,
  tell: () => void,
): readonly Fault[] {
  const once = { group: 'discord', kind: 'once' } as const;
  const momentary = (act: () => void): Pick<Fault, 'isOn' | 'turn'> => ({
    isOn: () => false,
    turn: (on) => {
      if (on) act();
    },
  });
  let disarm: (() => void) | undefined;
  return [
    {
      ...once,
      key: 'bot_killed',
      label: 'Kill the bot’s socket',
      hint: 'Its connection dies without a goodbye',
      ...momentary(discord.killSockets),
    },
    {
      ...once,
      key: 'bot_reconnect',
      label: 'Ask the bot to reconnect',
      hint: 'As Discord does before it restarts a server',
      ...momentary(discord.reconnect),
    },
    {
      ...once,
      key: 'alert_denied',
      label: 'Deny the next alert',
      hint: 'It arrives, but the bot is told 502 and retries',
      isOn: () => disarm !== undefined,
      turn: (on) => {
        disarm?.();
        disarm = undefined;
        if (!on) return;
        disarm = discord.failNext(BOT_SENDS, 502, {
          after: 'accepted',
          onUsed: () => {
            disarm = undefined;
            tell();
          },
        });
      },
    },
  ];
}
