import type { Bar } from '../domain/bar.ts';
import type { Answer } from '../domain/market.ts';
import type { Provenance } from '../domain/provenance.ts';
import type { Guide } from './guide.ts';
import type { History } from './history.ts';
import type { Instruments } from './instruments.ts';
import type { Market } from './market.ts';
import type { Members } from './members.ts';
import type { Offers } from './offers.ts';
import type { Overview } from './overview.ts';
import type { Plans } from './plans.ts';
import type { Status } from './status.ts';
import type { Trades } from './trades.ts';

/** What commands may use; each service is declared in its own file and constructed in `app.ts`. */
export interface Services {
  readonly instruments: Instruments;
  readonly market: Market;
  readonly history: History;
  readonly plans: Plans;
  readonly offers: Offers;
  readonly trades: Trades;
  readonly members: Members;
  readonly status: Status;
  overview(): Promise<Overview>;
  readonly guide: Guide;
  /** Stamps an answer about `symbols`, from these intraday bars, with its source, age and caveat. */
  provenance(
    answer: Pick<Answer<unknown>, 'asOf' | 'delayed' | 'stale'>,
    symbols: readonly string[],
    bars?: readonly Bar[],
  ): Provenance;
}
