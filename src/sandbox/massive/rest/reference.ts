import { readFileSync } from 'node:fs';
import { ok, type RestAnswer, type RestRequest, requestId } from './answer.ts';
import { textPasses } from './filter.ts';
import { isAnswer, pageOf } from './page.ts';

const LIMITS = { standard: 10, most: 1_000 };

interface Recorded {
  readonly results: readonly { readonly asset_class: string }[];
}

/** `/v3/reference/exchanges`, as the provider recorded it; not paged. */
export function exchanges(request: RestRequest): RestAnswer {
  const results = recorded('exchanges').filter((row) => textPasses(request.query, 'asset_class', row.asset_class));
  return ok({ results, status: 'OK', request_id: requestId(), count: results.length });
}

/** `/v3/reference/conditions`: the ten of the provider's recording. */
export function conditions(request: RestRequest): RestAnswer {
  const rows = recorded('conditions').filter((row) => textPasses(request.query, 'asset_class', row.asset_class));
  const page = pageOf(request, rows, LIMITS);
  if (isAnswer(page)) return page;
  return ok({ results: page.rows, status: 'OK', request_id: requestId(), count: page.rows.length, ...page.nextUrl });
}

function recorded(name: string): Recorded['results'] {
  const file = new URL(`../../../../fixtures/massive-mocks/${name}.json`, import.meta.url);
  const body: Recorded = JSON.parse(readFileSync(file, 'utf8'));
  return body.results;
}
