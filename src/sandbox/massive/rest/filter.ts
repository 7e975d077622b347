/** A row's text field under the query's `name`, `name.gt`, `.gte`, `.lt`, `.lte` and `.any_of`. */
export function textPasses(query: URLSearchParams, name: string, value: string): boolean {
  const bound = (suffix: string): string | null => query.get(`${name}${suffix}`);
  const exact = bound('');
  if (exact !== null && exact !== value) return false;
  const any = bound('.any_of');
  if (any !== null && !any.split(',').includes(value)) return false;
  const above = bound('.gt');
  const from = bound('.gte');
  const below = bound('.lt');
  const to = bound('.lte');
  return (
    (above === null || value > above) &&
    (from === null || value >= from) &&
    (below === null || value < below) &&
    (to === null || value <= to)
  );
}

/** The same for a number. */
export function numberPasses(query: URLSearchParams, name: string, value: number): boolean {
  const passes = (suffix: string, test: (bound: number) => boolean): boolean => {
    const raw = query.get(`${name}${suffix}`);
    return raw === null || test(Number(raw));
  };
  return (
    passes('', (bound) => value === bound) &&
    passes('.gt', (bound) => value > bound) &&
    passes('.gte', (bound) => value >= bound) &&
    passes('.lt', (bound) => value < bound) &&
    passes('.lte', (bound) => value <= bound)
  );
}

/** Rows by a key, ascending or descending, ties in their old order. */
export function sortedBy<T>(rows: readonly T[], key: (row: T) => string | number, descending: boolean): T[] {
  const direction = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const left = key(a);
    const right = key(b);
    return left < right ? -direction : left > right ? direction : 0;
  });
}
