import type { MarketEvent } from '../../domain/bar.ts';

/** Whom the event is about. */
export function symbolOf(event: MarketEvent): string {
  switch (event.kind) {
    case 'bar':
      return event.bar.symbol;
    case 'quote':
      return event.quote.symbol;
    case 'trade':
      return event.trade.symbol;
    case 'index':
      return event.index.symbol;
  }
}

/** Epoch ms of what happened; of a bar its close. */
export function eventAtOf(event: MarketEvent): number {
  switch (event.kind) {
    case 'bar':
      return event.bar.openAt + 60_000;
    case 'quote':
      return event.quote.eventAt;
    case 'trade':
      return event.trade.eventAt;
    case 'index':
      return event.index.eventAt;
  }
}
