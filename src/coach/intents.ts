/** What a member wants to know, as far as fixed rules can tell. */
const INTENTS = [
  'help',
  'trade-result',
  'my-trades',
  'why-plan',
  'my-plans',
  'setups',
  'plan',
  'levels',
  'news',
  'watchlist',
  'movers',
  'breadth',
  'holiday',
  'open',
  'market',
  'price',
] as const;
export type Intent = (typeof INTENTS)[number];

export interface Wanted {
  readonly intents: readonly Intent[];
  readonly symbol?: string;
}

const NEEDS_SYMBOL: readonly Intent[] = ['plan', 'levels', 'price'];
const MOST = 3;

const PATTERNS: Readonly<Record<Intent, RegExp>> = {
  help: /\bhelp\b|\bwhat (?:can|do) you (?:do|know|answer)|\bcommands?\b/,
  'trade-result':
    /\bhow (?:did|is|was|has|does) (?:my|that|the|this) (?:\w+ )?(?:trade|position|long|short)\b|\bmy (?:last|latest) trade\b|\bhow did (?:i|it) (?:do|go|end)\b|\bresult of (?:my|the|that) (?:\w+ )?trade\b/,
  'my-trades':
    /\b(?:my|our|all|list|open) (?:\w+ )?(?:trades|positions)\b|\bhow are my\b|\bwhat am i (?:in|holding|long|short)\b|\bmy (?:p&l|pnl|results?)\b/,
  'why-plan': /\bwhy\b.*\b(?:plan|trade|setup|this|stop|target|confidence|entry)\b|\bexplain\b.*\b(?:plan|setup)\b/,
  'my-plans': /\b(?:my|our|all|list|last|open) (?:\w+ )?plans\b|\bmy plan\b/,
  setups: /\bset-?ups\b|\bscanner\b|\boffer(?:s|ed)\b/,
  plan: /\bplan(?:s|ned)?\b|\b(?:entry|entries|targets?|trade idea|set-?up)\b|\bhow (?:to|would (?:i|you)) trade\b/,
  levels: /\blevels?\b|\bsupports?\b|\bresistances?\b|\bpivots?\b|\bvwap\b/,
  news: /\bnews\b|\bheadlines?\b|\bstor(?:y|ies)\b/,
  watchlist: /\bwatch ?list\b|\bwatching\b/,
  movers: /\bmov(?:ing|ers?|es)\b|\bgainers?\b|\blosers?\b|\bmost active\b|\bwhat'?s (?:hot|up|going on|happening)\b/,
  breadth: /\bbreadth\b|\badvanc\w+\b|\bdeclin\w+\b|\bhow broad\b|\bparticipation\b/,
  holiday: /\bholidays?\b|\bhalf[- ]day\b|\bearly close\b|\bmarket closed (?:on|this|next)\b/,
  open: /\b(?:is|are|when|what time|does|will|do).*\b(?:opens?|opening|closes?|closed|closing)\b|\bmarket hours\b|\bwhich session\b/,
  market: /\bmarkets?\b|\bind(?:ices|exes)\b|\boverview\b|\bs&p\b|\bthe day going\b/,
  price:
    /\bprices?\b|\bquote\b|\btrad(?:es|ing) at\b|\bhow(?:'s| is| are| does| did)\b|\bwhere is\b|\bwhat about\b|\btell me about\b|^\W*\$?[a-z.]{1,6}\W*$/,
};

/** The same text gives the same intents; at most three, the more particular before the general. */
export function wantedIn(text: string): Wanted {
  const plain = text.normalize('NFKC').replace(/[’‘]/g, "'");
  const lower = plain.toLowerCase();
  const symbol = symbolIn(plain);
  const found = new Set(INTENTS.filter((intent) => PATTERNS[intent].test(lower)));
  if (found.has('trade-result')) for (const wider of ['my-trades', 'why-plan'] as const) found.delete(wider);
  if (['trade-result', 'my-trades', 'why-plan', 'my-plans', 'setups'].some((one) => found.has(one as Intent)))
    found.delete('plan');
  if (found.has('holiday')) found.delete('open');
  if (found.has('open') || found.has('breadth') || found.has('movers') || found.has('holiday')) found.delete('market');
  // "how is breadth" is no question of a price
  const particular = [...found].some((intent) => intent !== 'price' && intent !== 'help');
  if (particular || symbol === undefined) found.delete('price');
  if (particular) found.delete('help');
  const intents = INTENTS.filter((intent) => found.has(intent)).slice(0, MOST);
  return symbol === undefined ? { intents } : { intents, symbol };
}

export const needsSymbol = (intent: Intent): boolean => NEEDS_SYMBOL.includes(intent);

const NO_TICKER = new Set(
  'A AM AN AND ANY ARE AS AT BE BUY CALL CAN DAY DO DOES DOWN ENTRY ET EMA ETF EVERYONE FOR FROM GET GIVE GO HAS HELP HERE HI HIGH HOW I IF IN IS IT ITS LAST LEVEL LEVELS LONG LOOK LOW MARKET ME MY NEW NEWS NEXT NO NOT NOW OF OK ON OPEN OR OUR OUT PLAN PLANS PLEASE PM PRICE PUT R RISK RSI SELL SHORT SO STOCK STOCKS STOP TARGET TELL THAT THE THEM THERE THIS TO TODAY TRADE UP US USD VWAP WAS WE WELL WHAT WHEN WHERE WHY WILL WITH YES YOU YOUR TOMORROW BREADTH MOVING DOING GOING TRADING INDICES SESSION HOLIDAY POEM HOT LATEST FIRST GO END ENDED TRADES POSITION POSITIONS SETUP SETUPS SCANNER'.split(
    ' ',
  ),
);

const SPOKEN: readonly (readonly [RegExp, string])[] = [
  [/\bs&p\b/i, 'SPX'],
  [/\bnasdaq\b/i, 'NDX'],
  [/\bdow\b/i, 'DJI'],
  [/\brussell\b/i, 'RUT'],
];

/** After one of these even small letters are a ticker: "for aapl". */
const AFTER =
  /(?<=\b(?:for|of|on|in|about|at|is|are|does|plan|price|levels|news|trade) )[a-z]{1,6}(?:\.[a-z])?\b(?![’'])/gi;

/** `$aapl`, `AAPL`, "for aapl"; the first that could be a ticker. */
function symbolIn(text: string): string | undefined {
  const marked = /\$([A-Za-z]{1,6}(?:\.[A-Za-z])?)\b/.exec(text)?.[1];
  if (marked !== undefined) return marked.toUpperCase();
  const spoken = SPOKEN.find(([name]) => name.test(text))?.[1];
  if (spoken !== undefined) return spoken;
  const candidates = [
    ...(text.match(/\b(?:I:)?[A-Z]{1,6}(?:\.[A-Z])?\b(?![’'])/g) ?? []),
    ...(text.match(AFTER) ?? []),
    ...(/^\W*[A-Za-z.]{1,6}\W*$/.test(text) ? (text.match(/[A-Za-z]+(?:\.[A-Za-z])?/g) ?? []) : []),
  ];
  return candidates.map((token) => token.toUpperCase()).find((token) => !NO_TICKER.has(token));
}
