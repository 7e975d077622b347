export type LevelKind =
  | 'previousHigh'
  | 'previousLow'
  | 'previousClose'
  | 'premarketHigh'
  | 'premarketLow'
  | 'openingRangeHigh'
  | 'openingRangeLow'
  | 'vwap'
  | 'pivot'
  | 'resistance1'
  | 'resistance2'
  | 'support1'
  | 'support2';

/** A price that other traders watch. */
export interface Level {
  readonly kind: LevelKind;
  /** Short desk name: PDH, PDL, PDC, PMH, PML, ORH, ORL, VWAP, P, R1, R2, S1, S2. */
  readonly name: string;
  readonly price: number;
}
