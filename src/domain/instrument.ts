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

const LONGEST_TEXT = 32;
const SAFE = /^(I:|O:)?[A-Z0-9.-]{1,21}$/;
const STOCK = /^[A-Z][A-Z0-9]{0,5}(\.[A-Z]{1,3}){0,2}$/;
const SHARE_CLASS = /^([A-Z]{1,5})[/-]([A-Z]{1,3})$/;
const OPTION = /^(?:O:)?([A-Z]{1,6}\d?)(\d{2})(\d{2})(\d{2})([CP])(\d{8})$/;
const INDEX_ROOT = /^[A-Z][A-Z0-9]{0,9}$/;

const INDEX_ROOTS = new Set(['SPX', 'NDX', 'DJI', 'RUT', 'VIX']);
/** How other sites spell the same indices after a caret. */
const CARET_NAMES: Readonly<Record<string, string>> = { GSPC: 'SPX', IXIC: 'COMP', DJX: 'DJI' };
/** Option roots that are not spelled like what they are written on. */
const OPTION_UNDERLYINGS: Readonly<Record<string, string>> = {
  SPXW: 'I:SPX',
  NDXP: 'I:NDX',
  RUTW: 'I:RUT',
  VIXW: 'I:VIX',
  DJX: 'I:DJI',
  BRKB: 'BRK.B',
  BFB: 'BF.B',
};

/** Reads a symbol as members type it (`spy`, `$AAPL`, `^VIX`, `brk/b`, an OCC option); undefined when it cannot be one. */
export function parseInstrument(text: string): Instrument | undefined {
  // only ASCII may be upper-cased: a dotless i would turn into another company's ticker
  if (text.length > LONGEST_TEXT || /[^ -~\t\r\n]/.test(text)) return undefined;
  const typed = text.trim().toUpperCase();
  const option = parseOption(typed.replace(/\s+/g, ''));
  if (option) return option;

  const caret = /^[$^]*\^/.test(typed);
  const bare = typed.replace(/^[$^]{1,2}/, '').replace(SHARE_CLASS, '$1.$2');
  if (!SAFE.test(bare) || bare.startsWith('O:')) return undefined;
  const named = bare.startsWith('I:') ? bare.slice(2) : bare;
  const root = caret ? (CARET_NAMES[named] ?? named) : named;
  if (caret || bare.startsWith('I:') || INDEX_ROOTS.has(root)) {
    return INDEX_ROOT.test(root) ? { kind: 'index', symbol: `I:${root}`, root } : undefined;
  }
  return STOCK.test(bare) ? { kind: 'stock', symbol: bare } : undefined;
}

function parseOption(text: string): Instrument | undefined {
  const match = OPTION.exec(text);
  if (!match) return undefined;
  const [, root = '', year, month, day, right, thousandths] = match;
  const expiresOn = `20${year}-${month}-${day}`;
  const expiry = Date.parse(`${expiresOn}T00:00:00Z`);
  const strike = Number(thousandths) / 1000;
  if (root.length > 6 || strike <= 0) return undefined;
  // Date.parse turns 30 February into March
  if (Number.isNaN(expiry) || new Date(expiry).toISOString().slice(0, 10) !== expiresOn) return undefined;
  return {
    kind: 'option',
    symbol: text.startsWith('O:') ? text : `O:${text}`,
    underlying: underlyingOf(root),
    expiresOn,
    right: right === 'C' ? 'call' : 'put',
    strike,
  };
}

function underlyingOf(root: string): string {
  // a digit at the end marks a root adjusted after a split or merger
  const plain = root.replace(/\d$/, '');
  return OPTION_UNDERLYINGS[plain] ?? (INDEX_ROOTS.has(plain) ? `I:${plain}` : plain);
}

/** Whether a position can be held in it; an index is only a number. */
export function isTradable(instrument: Instrument): boolean {
  return instrument.kind !== 'index';
}
