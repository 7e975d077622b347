import type { Holiday } from '../domain/market.ts';
import type { Log } from '../kit/log.ts';
import type { MassiveRest } from '../massive/rest.ts';

/** The provider's coming holidays; none when they cannot be read, for the calendar knows the rules by itself. */
export async function holidaysOrNone(
  rest: Pick<MassiveRest, 'holidays'>,
  log: Pick<Log, 'warn'>,
): Promise<readonly Holiday[]> {
  try {
    return (await rest.holidays()).value;
  } catch (err) {
    log.warn({ err }, 'holidays not read, the built-in calendar stands');
    return [];
  }
}
