import type { Ctx } from '../command.ts';
import type { Alert } from '../domain/alert.ts';
import type { Plan } from '../domain/plan.ts';

/** A plan in the few values that a question about it needs. */
export function planLine(plan: Plan): object {
  const { planId, symbol, direction, setup, decidedAt, expiresAt, entry, stop, targets, size, confidence } = plan;
  return {
    planId,
    symbol,
    direction,
    setup: setup.title,
    decidedAt,
    expiresAt,
    triggerPrice: entry.triggerPrice,
    stopPrice: stop.price,
    targets: targets.map(({ name, price, r }) => ({ name, price, r })),
    sizeShares: size.shares,
    riskDollars: size.riskDollars,
    confidence: confidence.score,
  };
}

type Listed = Awaited<ReturnType<Ctx['trades']['list']>>[number];

/** A member's trade as it stands; R is banked, open, best and worst. */
export function tradeLine({ trade, head, result, provenance }: Listed): object {
  const { tradeId, planId, symbol, direction, armedAt, closedAt } = trade;
  return {
    tradeId,
    planId,
    symbol,
    direction,
    state: result.outcome,
    armedAt,
    ...(closedAt === undefined ? {} : { closedAt }),
    lastPrice: head.lastPrice,
    ...(head.fillPrice === undefined ? {} : { fillPrice: head.fillPrice }),
    ...(head.stop === undefined ? {} : { stopPrice: head.stop.price }),
    ...(head.next === undefined ? {} : { nextName: head.next.name, nextPrice: head.next.price }),
    remainingShares: head.remainingShares,
    realisedR: head.realisedR,
    openR: head.openR,
    bestR: result.mfeR,
    worstR: result.maeR,
    ...(provenance === undefined ? { at: trade.last.closedAt } : { provenance }),
  };
}

/** Whether an alert may be told: with nobody named, only what everybody reads. */
export function isFor(alert: Alert, memberId: string | undefined): boolean {
  const isMe = (id: string): boolean => memberId !== undefined && id === memberId;
  switch (alert.kind) {
    case 'session':
      return true;
    case 'offer':
      return alert.memberId === null || isMe(alert.memberId);
    case 'step':
      // a row of an older version names no owner, and then nobody but the mentioned is told
      if (alert.memberId !== null) return isMe(alert.memberId) || alert.mentions.some(isMe);
      return !alert.own || alert.mentions.some(isMe);
    case 'health':
      // the copy in a plan's thread says what `#ops` says, and the plan may be one member's
      return alert.planId === undefined;
  }
}

/** An alert in the few values that a question about the day needs; whom it pinged is left out. */
export function alertLine(alert: Alert): object {
  const { kind, at } = alert;
  switch (alert.kind) {
    case 'session':
      return { kind, at, transition: alert.transition };
    case 'offer':
      return { kind, at, symbol: alert.symbol, planId: alert.planId };
    case 'step': {
      const { symbol, direction, planId, step, own, memberId } = alert;
      const { kind: what, target, price, realisedR } = step;
      return {
        kind,
        at,
        symbol,
        direction,
        planId,
        step: what,
        target,
        price,
        realisedR,
        isMine: own || memberId !== null,
      };
    }
    case 'health':
      return { kind, at, part: alert.part, state: alert.state, since: alert.since };
  }
}
