import type { Clock } from '../../kit/clock.ts';

/** What becomes of subscriptions, told as it happens. */
export interface SubscriptionEars {
  send(action: 'subscribe' | 'unsubscribe', channels: readonly string[]): void;
  /** Everything asked for on this socket has an answer, or its deadline has passed. */
  settled(): void;
  /** The plan lacks this channel (`T`, `Q`...); it is not asked for again. */
  refused(channel: string): void;
  /** Acknowledged by nobody, refused by nobody: an unknown channel, or an ack that was lost. */
  unanswered(pairs: readonly string[]): void;
}

const ACK_DEADLINE_MS = 2_000;
const PAIRS_PER_FRAME = 200;

/** What is wanted (counted), what this socket was asked for, and what it has answered. */
export class Subscriptions {
  readonly #ears: SubscriptionEars;
  readonly #wall: Clock;
  readonly #holders = new Map<string, number>();
  readonly #asked = new Set<string>();
  readonly #pending = new Set<string>();
  readonly #granted = new Set<string>();
  readonly #refused = new Set<string>();
  #complaints = 0;
  #isOpen = false;
  #isScheduled = false;
  #cancelDeadline: () => void = () => {};

  constructor(wall: Clock, ears: SubscriptionEars) {
    this.#wall = wall;
    this.#ears = ears;
  }

  /** Wants these pairs (`T.SPY`) until the returned function is called; the last holder's release unsubscribes. */
  hold(pairs: readonly string[]): () => void {
    for (const pair of pairs) this.#holders.set(pair, (this.#holders.get(pair) ?? 0) + 1);
    this.#schedule();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      for (const pair of pairs) {
        const left = (this.#holders.get(pair) ?? 1) - 1;
        if (left > 0) this.#holders.set(pair, left);
        else this.#holders.delete(pair);
      }
      this.#schedule();
    };
  }

  /** A socket is logged in: asks for everything that is wanted. */
  open(): void {
    this.close();
    this.#isOpen = true;
    this.#reconcile();
    if (this.#pending.size === 0) this.#ears.settled();
  }

  close(): void {
    this.#isOpen = false;
    this.#cancelDeadline();
    this.#asked.clear();
    this.#pending.clear();
    this.#granted.clear();
    this.#complaints = 0;
  }

  acknowledged(pairs: readonly string[]): void {
    for (const pair of pairs) {
      this.#granted.add(channelOf(pair));
      this.#pending.delete(pair);
    }
    this.#settleIfAnswered();
  }

  /** The server names no pair, so what stays unanswered beside it is what it meant. */
  notAuthorized(): void {
    this.#complaints++;
    this.#settleIfAnswered();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    // many watchers change within one tick; one frame tells the server
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#reconcile();
    });
  }

  #reconcile(): void {
    if (!this.#isOpen) return;
    const isWanted = (pair: string): boolean => this.#holders.has(pair) && !this.#refused.has(channelOf(pair));
    const surplus = [...this.#asked].filter((pair) => !isWanted(pair));
    const lacking = [...this.#holders.keys()].filter((pair) => isWanted(pair) && !this.#asked.has(pair));
    for (const pair of surplus) {
      this.#asked.delete(pair);
      this.#pending.delete(pair);
    }
    for (const pair of lacking) {
      this.#asked.add(pair);
      this.#pending.add(pair);
    }
    this.#send('unsubscribe', surplus);
    this.#send('subscribe', lacking);
    if (lacking.length === 0) return;
    this.#cancelDeadline();
    this.#cancelDeadline = this.#wall.at(this.#wall.now() + ACK_DEADLINE_MS, () => this.#settle());
  }

  #send(action: 'subscribe' | 'unsubscribe', pairs: readonly string[]): void {
    for (let start = 0; start < pairs.length; start += PAIRS_PER_FRAME) {
      this.#ears.send(action, pairs.slice(start, start + PAIRS_PER_FRAME));
    }
  }

  #settleIfAnswered(): void {
    if (this.#asked.size > 0 && this.#complaints >= this.#pending.size) this.#settle();
  }

  #settle(): void {
    this.#cancelDeadline();
    this.#cancelDeadline = () => {};
    const left = [...this.#pending];
    const isRefused = (pair: string): boolean => this.#complaints > 0 && !this.#granted.has(channelOf(pair));
    const refused = new Set(left.filter(isRefused).map(channelOf));
    const unanswered = left.filter((pair) => !isRefused(pair));
    this.#pending.clear();
    this.#complaints = 0;
    for (const channel of refused) this.#refused.add(channel);
    for (const pair of left) if (refused.has(channelOf(pair))) this.#asked.delete(pair);
    if (unanswered.length > 0) this.#ears.unanswered(unanswered);
    for (const channel of refused) this.#ears.refused(channel);
    this.#ears.settled();
  }
}

/** `T` of `T.SPY`. */
function channelOf(pair: string): string {
  const dot = pair.indexOf('.');
  return dot === -1 ? pair : pair.slice(0, dot);
}
