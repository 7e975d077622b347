/** A repeatable source of chance: the same seed gives the same numbers on every machine. */
export interface Chance {
  /** 0 up to, not including, 1. */
  next(): number;
  /** Roughly normal, mean 0, deviation 1. */
  normal(): number;
}

/** Chance that depends on the seed text alone. */
export function chanceOf(seed: string): Chance {
  let state = hashOf(seed);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  // the sum of twelve uniforms has variance one and needs no logarithm
  const normal = (): number => {
    let sum = -6;
    for (let index = 0; index < 12; index += 1) sum += next();
    return sum;
  };
  return { next, normal };
}

/** 32 bits that depend on every character of the text. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
