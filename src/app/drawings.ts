import { LRUCache } from 'lru-cache';
import type { Card } from '../cards/card.ts';
import { healthCard } from '../cards/health-card.ts';
import { offerCard } from '../cards/offer-card.ts';
import { sessionAlertCard } from '../cards/session-alert-card.ts';
import { stepCard } from '../cards/step-card.ts';
import type { ShownLife } from '../cards/trade-state.ts';
import type { Alert } from '../domain/alert.ts';
import type { Plan } from '../domain/plan.ts';
import { planInputsSchema } from '../domain/plan-inputs.ts';
import { sessionDateOf } from '../domain/session.ts';
import { headOf } from '../domain/trade/head.ts';
import { resultOf } from '../domain/trade/result.ts';
import type { Clock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import type { Lives } from '../services/lives.ts';
import type { Origin } from '../services/origin.ts';
import type { Plans } from '../services/plans.ts';
import type { Tape } from '../services/tape.ts';
import type { Offer } from '../store/offers.ts';
import type { Store } from '../store/store.ts';

type Decided = Pick<Awaited<ReturnType<Plans['decided']>>, 'bars' | 'levels'>;

const DECISIONS_HELD = 200;
const NOTHING: Decided = { bars: [], levels: [] };

/** What the posts of the house look like: every alert, and the head card of a plan as it stands now. */
export function createDrawings(deps: {
  store: Pick<Store['system'], 'offers' | 'trades'>;
  plans: Pick<Plans, 'decided'>;
  lives: Pick<Lives, 'trade'>;
  tape: Pick<Tape, 'last'>;
  origin: Origin;
  /** Market time. */
  clock: Pick<Clock, 'now'>;
}): { alert(alert: Alert, lateMs: number): Promise<Card>; head(planId: string): Promise<Card> } {
  const { store, plans, lives, tape, origin, clock } = deps;
  const decisions = new LRUCache<string, Decided>({ max: DECISIONS_HELD });

  /** A plan's chart never changes, so it is read once: from what was kept with the offer, else from the history. */
  const decisionOf = async (plan: Plan): Promise<Decided> => {
    const known = decisions.get(plan.planId);
    if (known) return known;
    const kept = planInputsSchema.safeParse(await store.offers.inputsOf(plan.planId));
    const found = kept.success ? { bars: kept.data.bars5m, levels: kept.data.levels } : await plans.decided(plan);
    decisions.set(plan.planId, found);
    return found;
  };

  const lifeOf = async ({ plan, memberId }: Offer): Promise<ShownLife | undefined> => {
    const trades = await store.trades.ofPlan(plan.planId);
    const kept = trades.find((one) => one.memberId === memberId);
    if (!kept) return undefined;
    // the database has it as of its last step
    const trade = lives.trade(plan.planId, kept.tradeId) ?? kept;
    return { trade, head: headOf(trade, lastOf(plan.symbol) ?? trade.last.price), result: resultOf(trade) };
  };

  const lastOf = (symbol: string): number | undefined => {
    const known = tape.last(symbol);
    return known?.trade?.price ?? known?.bar?.close;
  };

  const head = async (planId: string, lateMs = 0): Promise<Card> => {
    const offer = await store.offers.get(planId);
    if (!offer) throw new AppError('not_found', 'There is no such offer any more.');
    const [life, { bars, levels }] = await Promise.all([lifeOf(offer), decisionOf(offer.plan).catch(() => NOTHING)]);
    return offerCard(offer, life, bars, levels, { at: clock.now(), lastDollars: lastOf(offer.plan.symbol), lateMs });
  };

  return {
    head,
    async alert(alert, lateMs) {
      switch (alert.kind) {
        case 'session':
          return sessionAlertCard(alert, lateMs, origin.label);
        case 'offer':
          return head(alert.planId, lateMs);
        case 'step':
          return stepCard(alert, lateMs, origin.label, origin.noteFor(alert.symbol, sessionDateOf(alert.at)));
        case 'health':
          return healthCard(alert, lateMs, origin.label);
      }
    },
  };
}
