import type { Clock } from '../kit/clock.ts';
import type { MarketClockState } from './discord/person-api.ts';

/** The replayed market's clock with its controls: what the page turns and the embedded Massive follows. */
export interface MarketControl extends Clock {
  state(): MarketClockState;
  /** 1 to 600 market seconds per real second. */
  setSpeed(speed: number): void;
  pause(): void;
  resume(): void;
  /** Jumps to one market minute before the next regular open or close of the replayed days. */
  jumpTo(target: 'next_open' | 'next_close'): void;
  /** Tells of every change of speed, pause, phase or day, and of a jump while it runs; between two tidings market time runs evenly. The returned function stops it. */
  onChange(fn: (state: MarketClockState) => void): () => void;
  stop(): void;
}
