import { loadReplayMarket, type ReplayMarket } from '../../../src/sandbox/massive/replay-market.ts';
import { type Massive, type MassiveOptions, startMassive } from '../../../src/sandbox/massive/start.ts';

const loaded = new Map<string, ReplayMarket>();

/** One loaded replay per scenario for all tests of a file. */
export function replay(scenario: string): ReplayMarket {
  const known = loaded.get(scenario) ?? loadReplayMarket(scenario);
  loaded.set(scenario, known);
  return known;
}

/** A market clock that stands where it is put. */
function heldControl(startAt: number) {
  let at = startAt;
  const control: MassiveOptions['control'] = {
    now: () => at,
    at: () => () => {},
    jumping: () => false,
    state: () => ({ marketAt: at, wallAt: 0, speed: 1, paused: true, phase: 'regular', sessionOn: '' }),
  };
  const moveTo = (next: number): void => {
    at = next;
  };
  return { control, moveTo };
}

export interface HeldMassive extends Massive {
  moveTo(at: number): void;
  /** GET with the key; the body is parsed when it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read many wire shapes
  get(path: string): Promise<{ status: number; body: any; headers: Headers }>;
}

/** The embedded provider with its time held still. */
export async function startHeld(
  scenario: string,
  startAt: number,
  options: Partial<MassiveOptions> = {},
): Promise<HeldMassive> {
  const { control, moveTo } = heldControl(startAt);
  const massive = await startMassive({ scenario: replay(scenario), control, apiKey: 'test-key', ...options });
  return {
    ...massive,
    moveTo,
    async get(path) {
      const address = path.startsWith('http') ? path : `${massive.restUrl}${path}`;
      const response = await fetch(address, { headers: { authorization: 'Bearer test-key' } });
      const text = await response.text();
      const json = response.headers.get('content-type')?.startsWith('application/json') === true;
      return { status: response.status, body: json ? JSON.parse(text) : text, headers: response.headers };
    },
  };
}

/** 09:30 plus minutes of a session of the replay. */
export function at(scenario: string, on: string, minutesAfterOpen: number): number {
  return replay(scenario).calendar.hours(on).opensAt + minutesAfterOpen * 60_000;
}
