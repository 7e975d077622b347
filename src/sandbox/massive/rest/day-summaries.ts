import { newYorkDate } from '../new-york-time.ts';
import type { PriceBar } from '../screen.ts';
import { printsOf } from './aggregates.ts';
import { failed, notEntitled, notFound, ok, type RestAnswer, type RestRequest, requestId, rounded } from './answer.ts';

/** `/v2/aggs/ticker/{T}/prev`: the last complete day; `t` is its close, not its start. */
export function previousDay(request: RestRequest, symbol: string): RestAnswer {
  const { market, now } = request;
  const today = newYorkDate(now);
  const on = market.calendar.days.findLast((day) => day <= today && market.calendar.hours(day).closesAt <= now);
  const running = market.calendar.screenDay(now);
  // until the screens are cleared the day that has closed is still the current one
  const previous = on !== undefined && on === running ? market.calendar.before(on) : on;
  const bar = previous === undefined ? undefined : market.dayBar(symbol, previous, adjustedTo(request, previous));
  const rows = previous === undefined || bar === undefined ? [] : [summary(request, symbol, previous, bar)];
  return ok({
    ticker: symbol,
    queryCount: rows.length,
    resultsCount: rows.length,
    ...(symbol.startsWith('I:') ? {} : { adjusted: request.query.get('adjusted') !== 'false' }),
    ...(rows.length === 0 ? {} : { results: rows }),
    status: 'OK',
    request_id: requestId(),
    count: rows.length,
  });
}

/** `/v2/aggs/grouped/...`: every stock's bar of one day; the running day is what has traded so far. */
export function groupedDay(request: RestRequest, on: string): RestAnswer {
  const { market, now } = request;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(on)) return failed(400, "Could not parse the time parameter: 'date'. Use YYYY-MM-DD");
  const today = newYorkDate(now);
  if (on > today) {
    return notEntitled(
      "Your plan doesn't include this data timeframe. Please upgrade your plan at https://massive.com/pricing",
    );
  }
  const running = market.calendar.isOpen(on) && now < market.calendar.hours(on).closesAt;
  const rows = !market.calendar.isOpen(on)
    ? []
    : market.symbols().flatMap((symbol) => {
        if (symbol.startsWith('I:')) return [];
        const bar = running ? market.screen(symbol, now)?.day : market.dayBar(symbol, on, adjustedTo(request, on));
        return bar === undefined || (running && market.calendar.screenDay(now) !== on)
          ? []
          : [summary(request, symbol, on, bar)];
      });
  return ok({
    queryCount: rows.length,
    resultsCount: rows.length,
    adjusted: request.query.get('adjusted') !== 'false',
    ...(rows.length === 0 ? {} : { results: rows }),
    status: 'OK',
    request_id: requestId(),
    count: rows.length,
  });
}

/** `/v1/open-close/{T}/{date}`: no envelope; a day that has not closed does not exist yet. */
export function openClose(request: RestRequest, symbol: string, on: string): RestAnswer {
  const { market, now } = request;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(on)) return failed(400, "Could not parse the time parameter: 'date'. Use YYYY-MM-DD");
  if (!market.calendar.isOpen(on) || market.calendar.hours(on).closesAt > now) return notFound();
  const bar = market.dayBar(symbol, on, adjustedTo(request, on));
  if (bar === undefined) return notFound();
  const isIndex = symbol.startsWith('I:');
  const hours = market.calendar.hours(on);
  const screen = isIndex ? undefined : market.screen(symbol, Math.min(now, hours.closesAt + 4 * 3_600_000));
  const ratio = market.ratio(symbol, on, adjustedTo(request, on));
  return ok({
    status: 'OK',
    from: on,
    symbol,
    open: rounded(bar.open),
    high: rounded(bar.high),
    low: rounded(bar.low),
    close: rounded(bar.close),
    ...(isIndex ? {} : { volume: bar.volume }),
    ...(screen?.on !== on || screen.afterhours === undefined ? {} : { afterHours: rounded(screen.afterhours / ratio) }),
    ...(screen?.on !== on || screen.premarket === undefined ? {} : { preMarket: rounded(screen.premarket / ratio) }),
  });
}

function adjustedTo(request: RestRequest, on: string): string {
  return request.query.get('adjusted') === 'false' ? on : newYorkDate(request.now);
}

function summary(request: RestRequest, symbol: string, on: string, bar: PriceBar) {
  const prices = {
    T: symbol,
    o: rounded(bar.open),
    c: rounded(bar.close),
    h: rounded(bar.high),
    l: rounded(bar.low),
    t: request.market.calendar.hours(on).closesAt,
  };
  return symbol.startsWith('I:')
    ? prices
    : { ...prices, v: bar.volume, vw: rounded(bar.vwap), n: printsOf(bar.volume) };
}
