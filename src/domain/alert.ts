import { hashOf } from './canonical.ts';
import type { SessionDate } from './session.ts';
import type { TradeResult } from './trade/result.ts';
import type { Step } from './trade.ts';

/** A change of the market's day that `#alerts` is told of. */
export interface SessionAlert {
  readonly kind: 'session';
  readonly transition: 'premarket' | 'open' | 'early_close_soon' | 'close' | 'holiday_ahead';
  /** The session it speaks of. */
  readonly on: SessionDate;
  /** When it is due, epoch ms. */
  readonly at: number;
  /** Regular hours of that session; the next one's for `close` and `holiday_ahead`. */
  readonly opensAt: number;
  readonly closesAt: number;
  readonly earlyClose: boolean;
  /** Of `holiday_ahead`: the closed weekday before the next session, the first where there are several. */
  readonly holiday?: { readonly on: SessionDate; readonly name: string };
}

/** A plan that is offered: its head card and the thread under it. */
export interface OfferAlert {
  readonly kind: 'offer';
  readonly planId: string;
  readonly symbol: string;
  /** The one member who may see it; null for everybody. */
  readonly memberId: string | null;
  /** When the plan was decided, epoch ms. */
  readonly at: number;
}

/** One step of a plan's life, told in the plan's thread. */
export interface StepAlert {
  readonly kind: 'step';
  readonly planId: string;
  readonly symbol: string;
  readonly direction: 'long' | 'short';
  readonly step: Step;
  /** True for one member's trade that went another way than the plan's own. */
  readonly own: boolean;
  /** The one member whose private plan it is; null for a plan of everybody. */
  readonly memberId: string | null;
  /** Present when the step ended the trade. */
  readonly result?: TradeResult;
  /** The members whose trade made this step; nobody else is pinged. */
  readonly mentions: readonly string[];
  /** The step's market time, epoch ms. */
  readonly at: number;
}

/** Something that the bot needs is down or back. */
export interface HealthAlert {
  readonly kind: 'health';
  /** `stocks feed`, `data provider`, `request limit`, `clock`, `channel: #plans`. */
  readonly part: string;
  readonly state: 'down' | 'up';
  /** When it went down, epoch ms. */
  readonly since: number;
  readonly at: number;
  readonly reason: string;
  /** What still works and what happens next. */
  readonly works: string;
  /** Of the copy that goes to a plan's thread. */
  readonly planId?: string;
}

export type Alert = SessionAlert | OfferAlert | StepAlert | HealthAlert;

type PlanRoom = `plan:${string}`;

/** The same alert has the same id in every process: posting twice is then impossible to do unnoticed. */
export function alertIdOf(alert: Alert): string {
  switch (alert.kind) {
    case 'session':
      return hashOf({ kind: alert.kind, transition: alert.transition, on: alert.on });
    case 'offer': {
      // The database lets a member write the row of this very id and no other.
      const { kind, planId, memberId } = alert;
      return hashOf(memberId === null ? { kind, planId } : { kind, planId, memberId });
    }
    case 'step':
      return alert.step.stepId;
    case 'health': {
      const { kind, part, state, since, planId = null } = alert;
      return hashOf({ kind, part, state, since, planId });
    }
  }
}

/** Alerts of one stream leave strictly one after the other. */
export function streamOf(alert: Alert): 'alerts' | 'ops' | PlanRoom {
  switch (alert.kind) {
    case 'session':
      return 'alerts';
    case 'health':
      return alert.planId === undefined ? 'ops' : `plan:${alert.planId}`;
    default:
      return `plan:${alert.planId}`;
  }
}

/** The house's name of the place an alert belongs to; a plan's own is its thread. */
export function channelOf(alert: Alert): 'alerts' | 'plans' | 'ops' | PlanRoom {
  switch (alert.kind) {
    case 'session':
      return 'alerts';
    case 'offer':
      return 'plans';
    case 'step':
      return `plan:${alert.planId}`;
    case 'health':
      return alert.planId === undefined ? 'ops' : `plan:${alert.planId}`;
  }
}

/** 0 leaves before 1: what happens to a trade that somebody holds waits for nothing. */
export function priorityOf(alert: Alert): 0 | 1 {
  return alert.kind === 'step' ? 0 : 1;
}

/** What a posted alert says of itself in its last line, so that it can be found again in the channel. */
export function alertTagOf(alertId: string): string {
  return `alert ${alertId.slice(0, 8)}`;
}

/** Discord's nonce has room for 25 characters. */
export function nonceOf(alertId: string): string {
  return alertId.slice(0, 25);
}
