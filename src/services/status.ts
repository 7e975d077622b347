import type { Holiday } from '../domain/market.ts';
import type { Calendar, Phase } from '../domain/session.ts';
import { phaseAt, sessionDateOf } from '../domain/session.ts';
import type { Clock } from '../kit/clock.ts';

/** One part of the house and how it does; `sandbox` is a part that plays a recording on this machine. */
export interface Component {
  readonly name: string;
  readonly state: 'ok' | 'degraded' | 'down' | 'sandbox' | 'off';
  readonly reason: string;
}

export interface SessionStatus {
  readonly phase: Phase;
  readonly nextPhase: Phase;
  readonly nextChangeAt: number;
  readonly nextSessionOn: string;
  readonly nextHoliday?: Pick<Holiday, 'on' | 'name' | 'kind'>;
}

export interface Status {
  session(): SessionStatus;
  components(): Promise<readonly Component[]>;
}

export function createStatus(deps: {
  calendar: Calendar;
  clock: Clock;
  /** Each answers for itself; one that throws is down, with its sentence as the reason. */
  probes: readonly {
    readonly name: string;
    readonly probe: () => Promise<Omit<Component, 'name'>> | Omit<Component, 'name'>;
  }[];
}): Status {
  const { calendar, clock, probes } = deps;
  return {
    session() {
      const now = clock.now();
      const { phase, nextPhase, nextChangeAt, nextDay } = phaseAt(calendar, now);
      const holiday = calendar.nextHoliday(sessionDateOf(now));
      return {
        phase,
        nextPhase,
        nextChangeAt,
        nextSessionOn: nextDay.on,
        ...(holiday ? { nextHoliday: { on: holiday.on, name: holiday.name, kind: holiday.kind } } : {}),
      };
    },
    components: () =>
      Promise.all(
        probes.map(async ({ name, probe }) => {
          try {
            return { name, ...(await probe()) };
          } catch (err) {
            return { name, state: 'down' as const, reason: err instanceof Error ? err.message : 'no answer' };
          }
        }),
      ),
  };
}
