import { MassiveError } from './errors.ts';

/** Path and query of the next page, never with a key in it; refuses another host and a page that was fetched before. */
export function nextPath(nextUrl: string, origin: string, visited: ReadonlySet<string>, endpoint: string): string {
  const url = URL.parse(nextUrl);
  // origin and not prefix: the provider writes `:443` into some of these addresses
  if (!url || url.origin !== origin || url.username !== '' || url.password !== '') {
    throw new MassiveError(
      'bad_payload',
      endpoint,
      `The next page of ${endpoint} is not on ${origin}; it was not followed`,
    );
  }
  if (url.searchParams.has('apiKey')) url.searchParams.delete('apiKey');
  const path = url.pathname + url.search;
  if (visited.has(path)) {
    throw new MassiveError('bad_payload', endpoint, `The next page of ${endpoint} is one that was fetched already`);
  }
  return path;
}
