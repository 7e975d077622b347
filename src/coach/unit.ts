export type Base = 'dollars' | 'ratio' | 'shares' | 'count' | 'instant' | 'duration' | 'r' | 'points' | 'plain';

/** What a number counts; a percent is a ratio at scale 2 (times ten to the second), basis points one at scale 4. */
export interface Unit {
  readonly base: Base;
  readonly scale: 0 | 2 | 4 | -2 | -4;
}

const unit = (base: Base, scale: Unit['scale'] = 0): Unit => ({ base, scale });

/** Suffixes and names of the house, in the order in which they are tried. */
const BY_NAME: readonly (readonly [RegExp, Unit])[] = [
  [/(?:Dollars|^dollars)$/, unit('dollars')],
  [/(?:Pct|^percent|^pct)$/, unit('ratio', 2)],
  [/Bps$/, unit('ratio', 4)],
  [/(?:Ratio|^trailAtrs|Atrs)$/, unit('ratio')],
  [/(?:Shares|^shares|^volume)$/, unit('shares')],
  [/(?:At|^at|^asOf)$/, unit('instant')],
  [/Ms$/, unit('duration')],
  [/(?:^r|R|Rs)$/, unit('r')],
  [
    /(?:Price|^price|^open|^high|^low|^close|^vwap|^atr|^riskPerShare|Distance|^distance$|^slippage$|^claimedFill$|^mid|^bid|^ask)$/,
    unit('dollars'),
  ],
  [/^(?:value|score|weight|contribution|confidence)$/, unit('points')],
  [
    /^(?:length|advancing|declining|unchanged|covered|newHighs|newLows|hidden|trades|contracts|days|minutesHeld|targetsHit|[a-z]*Count)$/i,
    unit('count'),
  ],
];

/** The unit that a field's name says; `plain` when it says none. */
export function unitOf(field: string): Unit {
  return BY_NAME.find(([pattern]) => pattern.test(field))?.[1] ?? unit('plain');
}

/** As a sentence names it. */
export function unitWord({ base, scale }: Unit): string {
  if (base === 'ratio') return { '0': 'a ratio', '2': 'percent', '4': 'basis points' }[String(scale)] ?? 'a ratio';
  const word = {
    dollars: 'dollars',
    shares: 'shares',
    count: 'a count',
    instant: 'a point in time',
    duration: 'a duration',
    r: 'R',
    points: 'points',
    plain: 'a number without unit',
  }[base];
  return scale === 0 ? word : `${word} times ${scale === 2 ? 'a percentage' : 'a scale'}`;
}

const sameUnit = (a: Unit, b: Unit): boolean => a.base === b.base && a.scale === b.scale;

/** The unit of a sum or a difference, or undefined when the two cannot be added. */
export function sumUnit(a: Unit, b: Unit, sign: '+' | '-'): Unit | undefined {
  if (a.base === 'instant' && b.base === 'instant') return sign === '-' ? unit('duration') : undefined;
  if (a.base === 'instant' && b.base === 'duration') return a;
  return sameUnit(a, b) ? a : undefined;
}

const PRODUCTS: Readonly<Record<string, Base>> = {
  'dollars shares': 'dollars',
  'count dollars': 'dollars',
  'count shares': 'shares',
  'dollars r': 'dollars',
  'count count': 'count',
  'count duration': 'duration',
};

export function productUnit(a: Unit, b: Unit): Unit | undefined {
  const base = a.base === 'ratio' ? b.base : b.base === 'ratio' ? a.base : PRODUCTS[[a.base, b.base].sort().join(' ')];
  return base === undefined || base === 'instant' ? undefined : scaled(unit(base), a.scale + b.scale);
}

const QUOTIENTS: Readonly<Record<string, Base>> = {
  'dollars shares': 'dollars',
  'dollars count': 'dollars',
  'shares count': 'shares',
  'duration count': 'duration',
  'dollars r': 'dollars',
};

export function quotientUnit(a: Unit, b: Unit): Unit | undefined {
  if (a.base === 'instant') return undefined;
  const base = a.base === b.base ? 'ratio' : b.base === 'ratio' ? a.base : QUOTIENTS[`${a.base} ${b.base}`];
  return base === undefined ? undefined : scaled(unit(base), a.scale - b.scale);
}

/** Undefined beyond what percent of percent can need. */
export function scaled({ base, scale }: Unit, by: number): Unit | undefined {
  const sum = scale + by;
  return sum === 0 || sum === 2 || sum === 4 || sum === -2 || sum === -4 ? { base, scale: sum } : undefined;
}
