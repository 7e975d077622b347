import type { OfferAlert } from '../domain/alert.ts';
import type { Plan } from '../domain/plan.ts';
import { advance } from '../domain/trade/advance.ts';
import { closeByMember, fillCorrection, type MemberResult, refusalOfTaking } from '../domain/trade/by-member.ts';
import type { Step, Trade } from '../domain/trade.ts';
import { openTrade, tradeIdOf } from '../domain/trade.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import { AppError } from '../kit/errors.ts';
import type { OutgoingAlert } from '../store/outbox.ts';
import type { Store } from '../store/store.ts';
import { type Move, stepAlertsOf } from './lives/step-alerts.ts';
import type { Lives, PlanTrades } from './lives.ts';
import type { Market } from './market.ts';
import { keeping, type Members } from './members.ts';
import { type Origin, provenanceOf } from './origin.ts';
import { outgoing } from './outgoing.ts';
import type { Tape } from './tape.ts';
import { createLastPrices } from './trades/last-prices.ts';
import { type Offered, offeredTo, refuseIfLate, refuseIfOver, sizedFor } from './trades/offered.ts';
import { type TradeView, viewsOf } from './trades/views.ts';

interface Taker {
  readonly memberId: string;
  readonly name: string;
}

interface Wanted {
  readonly shares: number;
  /** What they paid already; without it the trade waits for the trigger. */
  readonly fillPrice?: number;
}

/** What a member does with plans: take, look, close, put right. Refusals are AppErrors with one sentence. */
export interface Trades {
  take(
    member: Taker,
    planId: string,
    taken: Wanted,
  ): Promise<{ readonly trade: Trade; readonly plan: Plan; readonly outcome: 'taken' | 'already' }>;
  /** Sized by the member's own risk; the last known price. */
  prefill(
    memberId: string,
    planId: string,
  ): Promise<{ readonly shares: number; readonly fillPrice: number | undefined; readonly plan: Plan }>;
  /** Newest first. */
  list(memberId: string, options?: { readonly openOnly?: boolean }): Promise<readonly TradeView[]>;
  show(
    memberId: string,
    tradeId: string,
  ): Promise<TradeView & { readonly steps: readonly Step[]; readonly plan: Plan }>;
  close(memberId: string, tradeId: string, price?: number): Promise<TradeView>;
  correct(memberId: string, tradeId: string, price: number): Promise<TradeView>;
}

const MOST_CONFLICTS = 3;
const YOURS = 'your trades';
const NO_ROOM =
  'No plan can be taken here: without a channel for plans nobody would hear of its steps (DISCORD_PLANS_CHANNEL_ID).';

/** Every write is the member's own, and none comes between two minutes of the plan's life. */
export function createTrades(deps: {
  readonly store: Pick<Store, 'as'> & {
    readonly system: { readonly members: Pick<Store['system']['members'], 'ensure'> };
  };
  readonly lives: Pick<Lives, 'during' | 'trade'>;
  readonly members: Pick<Members, 'risk'>;
  readonly market: Pick<Market, 'prices'>;
  readonly tape: Pick<Tape, 'last'>;
  readonly origin: Origin;
  /** Market time. */
  readonly clock: Pick<Clock, 'now'>;
  /** Real time; the machine's own unless given. */
  readonly wall?: Pick<Clock, 'now'>;
  /** Whether plans have a channel where their steps are told; without one none can be taken. */
  readonly hasRoom?: boolean;
}): Trades {
  const { store, lives, members, origin, clock, wall = systemClock, hasRoom = true } = deps;
  const prices = createLastPrices(deps);

  const told = (moves: readonly Move[], hasShadow: boolean, first: readonly OfferAlert[] = []): OutgoingAlert[] => {
    const now = { seenAt: clock.now(), seenWallAt: wall.now(), decidedWallAt: wall.now() };
    return [...first, ...stepAlertsOf(moves, { hasShadow })].map((alert) => outgoing(alert, now));
  };
  const refuseWithoutRoom = (): void => {
    if (!hasRoom) throw new AppError('conflict', NO_ROOM);
  };
  const asItStands = (trade: Trade): Trade => {
    const live = lives.trade(trade.planId, trade.tradeId);
    return live && live.seq >= trade.seq ? live : trade;
  };
  const ownTrade = async (memberId: string, tradeId: string): Promise<Trade> => {
    const trade = await keeping(YOURS, () => store.as(memberId).trades.get(tradeId));
    if (trade) return trade;
    const message = `You have no trade ${tradeId.trim().slice(0, 12)}; it may be another member's. /trade list shows yours.`;
    throw new AppError('not_found', message);
  };
  const viewOf = async (trade: Trade): Promise<TradeView> => {
    const [view] = await viewsOf([trade], { prices, origin });
    if (!view) throw new AppError('internal', 'A trade could not be shown.');
    return view;
  };

  /** Opens the member's trade in the database; undefined where they have one. */
  const enter = async (memberId: string, offered: Offered, sized: Plan, wanted: Wanted, life: PlanTrades) => {
    const { plan, isPublic, isNew } = offered;
    const price = (await prices.of(plan.symbol)) ?? plan.referencePrice;
    const takenAt = clock.now();
    refuseIfOver(plan, takenAt, life.shadow);
    refuseIfLate(plan, life.shadow, wanted.fillPrice);
    const refusal = refusalOfTaking(sized, { ...wanted, takenAt }, price);
    if (refusal !== undefined) throw new AppError('invalid_input', refusal);
    const armed = openTrade(plan, { memberId, ...wanted, takenAt });
    // a fill that the member names is in the book before any minute
    const { trade, steps } =
      wanted.fillPrice === undefined
        ? { trade: armed, steps: [] }
        : advance(armed, { kind: 'clock', at: armed.armedAt });
    const { planId, symbol } = plan;
    const offer: OfferAlert = { kind: 'offer', planId, symbol, memberId, at: takenAt };
    const alerts = told([{ trade, steps }], isPublic, isNew ? [offer] : []);
    const provenance = provenanceOf(
      origin,
      { asOf: plan.decidedAt, delayed: false },
      [symbol],
      [{ symbol, openAt: plan.decidedAt - 1 }],
    );
    const entry = { trade, steps, alerts, ...(isNew ? { offer: { plan, provenance } } : {}) };
    return (await store.as(memberId).trades.take(entry)) === 'taken' ? trade : undefined;
  };

  /** A member's word about a trade of theirs; where something else moved the trade first, said again to what it is now. */
  const change = async (
    memberId: string,
    tradeId: string,
    say: (trade: Trade, at: number) => MemberResult,
  ): Promise<TradeView> => {
    const found = await ownTrade(memberId, tradeId);
    const after = await keeping(YOURS, () =>
      lives.during(found.planId, async (life) => {
        for (let conflicts = 0; conflicts < MOST_CONFLICTS; conflicts += 1) {
          const trade = life.trade(found.tradeId) ?? (await ownTrade(memberId, found.tradeId));
          const said = say(trade, clock.now());
          if (!said.ok) throw new AppError(trade.state === 'closed' ? 'conflict' : 'invalid_input', said.reason);
          const moved = { trade: said.trade, fromSeq: trade.seq, steps: said.steps };
          const alerts = told([moved], life.shadow !== undefined);
          if (await store.as(memberId).trades.apply(moved, alerts)) return said.trade;
          await life.again();
        }
        throw new AppError('conflict', 'This trade is moving right now; try again in a moment.');
      }),
    );
    return viewOf(after);
  };

  return {
    async take({ memberId, name }, planId, wanted) {
      const offered = await offeredTo(store, memberId, planId);
      const tradeId = tradeIdOf(offered.plan.planId, memberId);
      const known = await keeping(YOURS, () => store.as(memberId).trades.get(tradeId));
      if (known) return { trade: asItStands(known), plan: offered.plan, outcome: 'already' };
      refuseWithoutRoom();
      const plan = await sizedFor(members, memberId, offered.plan);
      await keeping(YOURS, () => store.system.members.ensure({ memberId, name }));
      const mine = await keeping(YOURS, () =>
        lives.during(plan.planId, (life) => enter(memberId, offered, plan, wanted, life)),
      );
      if (mine) return { trade: mine, plan, outcome: 'taken' };
      return { trade: asItStands(await ownTrade(memberId, tradeId)), plan, outcome: 'already' };
    },
    async prefill(memberId, planId) {
      refuseWithoutRoom();
      const { plan: offered } = await offeredTo(store, memberId, planId);
      refuseIfOver(offered, clock.now(), undefined);
      const [plan, fillPrice] = await Promise.all([sizedFor(members, memberId, offered), prices.of(offered.symbol)]);
      return { shares: plan.size.shares, fillPrice, plan };
    },
    async list(memberId, { openOnly = false } = {}) {
      const trades = await keeping(YOURS, () => store.as(memberId).trades.list({ openOnly }));
      return viewsOf(trades.map(asItStands), { prices, origin });
    },
    async show(memberId, tradeId) {
      const trade = asItStands(await ownTrade(memberId, tradeId));
      const [view, steps, { plan }] = await Promise.all([
        viewOf(trade),
        keeping(YOURS, () => store.as(memberId).trades.steps(trade.tradeId)),
        offeredTo(store, memberId, trade.planId),
      ]);
      return { ...view, steps, plan };
    },
    close: (memberId, tradeId, price) =>
      change(memberId, tradeId, (trade, at) => closeByMember(trade, { at, ...(price === undefined ? {} : { price }) })),
    correct: (memberId, tradeId, price) =>
      change(memberId, tradeId, (trade, at) => fillCorrection(trade, { price, at })),
  };
}
