/** What can be looked up. `symbol` is the canonical spelling everywhere: `SPY`, `I:SPX`, `O:SPY260220C00600000`. */
export type Instrument =
  | { readonly kind: 'stock'; readonly symbol: string }
  | { readonly kind: 'index'; readonly symbol: string; readonly root: string }
  | {
      readonly kind: 'option';
      readonly symbol: string;
      readonly underlying: string;
      readonly expiresOn: string;
      readonly right: 'call' | 'put';
      readonly strike: number;
    };
