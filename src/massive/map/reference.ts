import type { NewsItem, Sentiment, TickerDetails, TickerMatch } from '../../domain/market.ts';
import type { NewsRow, TickerDetailsRow, TickerRow } from '../wire/reference.ts';
import { positive, present } from './present.ts';
import { epochMsOfText } from './time.ts';

const SENTIMENTS: ReadonlySet<string> = new Set<Sentiment>(['positive', 'neutral', 'negative']);

/** Undefined for markets this house does not trade. */
export function toTickerMatch(row: TickerRow): TickerMatch | undefined {
  const kind = kindOf(row.ticker, row.market);
  return kind && { symbol: row.ticker, name: row.name ?? row.ticker, kind };
}

/** Who stands behind a symbol; zeros and texts that are no address are left out. */
export function toTickerDetails(row: TickerDetailsRow): TickerDetails {
  return {
    symbol: row.ticker,
    name: row.name ?? row.ticker,
    kind: kindOf(row.ticker, row.market) ?? 'stock',
    ...present({
      description: row.description ?? undefined,
      marketCapDollars: positive(row.market_cap),
      sharesOutstanding: positive(row.share_class_shares_outstanding) ?? positive(row.weighted_shares_outstanding),
      homepage: webAddress(row.homepage_url),
      industry: row.sic_description ?? undefined,
    }),
  };
}

/** Undefined without a readable time or a web address; the sentiment is the one for `symbol` where there is one. */
export function toNewsItem(row: NewsRow, symbol: string | undefined): NewsItem | undefined {
  const publishedAt = epochMsOfText(row.published_utc);
  const url = webAddress(row.article_url);
  if (publishedAt === undefined || url === undefined) return undefined;
  const sentiment = row.insights?.find((insight) => insight.ticker === symbol)?.sentiment;
  return {
    id: row.id,
    title: row.title,
    publisher: row.publisher?.name ?? 'unknown publisher',
    url,
    publishedAt,
    symbols: row.tickers ?? [],
    ...(sentiment && SENTIMENTS.has(sentiment) ? { sentiment: sentiment as Sentiment } : {}),
  };
}

function kindOf(ticker: string, market: string | null | undefined): TickerMatch['kind'] | undefined {
  if (market === 'indices' || ticker.startsWith('I:')) return 'index';
  return market === 'stocks' || market === undefined || market === null ? 'stock' : undefined;
}

function webAddress(text: string | null | undefined): string | undefined {
  const url = text ? URL.parse(text) : null;
  return url && (url.protocol === 'https:' || url.protocol === 'http:') ? url.href : undefined;
}
