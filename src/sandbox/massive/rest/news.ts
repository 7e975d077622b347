import type { FixtureNews } from '../fixture.ts';
import { ok, type RestAnswer, type RestRequest, requestId } from './answer.ts';
import { sortedBy, textPasses } from './filter.ts';
import { isAnswer, pageOf } from './page.ts';

const LIMITS = { standard: 10, most: 1_000 };

/** `/v2/reference/news`: articles out by now; the publisher's name says that they are re-dated. */
export function news(request: RestRequest): RestAnswer {
  const { query, now, market } = request;
  const rows = market.fixture.news.filter(
    (article) =>
      article.publishedAt <= now &&
      (query.get('ticker') === null || article.symbols.includes(query.get('ticker') ?? '')) &&
      textPasses(query, 'published_utc', stampLike(query, article.publishedAt)),
  );
  const page = pageOf(
    request,
    sortedBy(rows, (article) => article.publishedAt, !(query.get('order') ?? '').startsWith('asc')),
    LIMITS,
  );
  if (isAnswer(page)) return page;
  return ok({
    count: page.rows.length,
    ...page.nextUrl,
    request_id: requestId(),
    results: page.rows.map(newsRow),
    status: 'OK',
  });
}

function newsRow(article: FixtureNews) {
  const { origin } = new URL(article.url);
  return {
    id: article.id,
    publisher: { name: article.publisher, homepage_url: `${origin}/`, logo_url: `${origin}/favicon.ico` },
    title: article.title,
    author: article.author,
    published_utc: stamp(article.publishedAt),
    article_url: article.url,
    tickers: article.symbols,
  };
}

function stamp(at: number): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}

/** A bound that is only a date compares with dates. */
function stampLike(query: URLSearchParams, at: number): string {
  const dateOnly = [...query].some(([key, value]) => key.startsWith('published_utc') && value.length === 10);
  return dateOnly ? stamp(at).slice(0, 10) : stamp(at);
}
