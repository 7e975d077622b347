/** A measure that is fed oldest first; undefined until it has warmed up. */
export interface Indicator<T> {
  next(value: T): number | undefined;
}

/** The indicator's value after each input. */
export function valuesOf<T>(indicator: Indicator<T>, inputs: readonly T[]): (number | undefined)[] {
  return inputs.map((input) => indicator.next(input));
}

/** The indicator's value after the last input. */
export function lastOf<T>(indicator: Indicator<T>, inputs: readonly T[]): number | undefined {
  let last: number | undefined;
  for (const input of inputs) last = indicator.next(input);
  return last;
}
