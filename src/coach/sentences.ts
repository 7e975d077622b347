/** Sentences of the coach without a model. They hold placeholders, never numbers, and pass the same renderer. */

export const NOT_UNDERSTOOD =
  'I did not understand that as a question I can answer from data alone. I answer: what is moving, how is the market, breadth, a plan for a ticker, its levels, its price, its news, why a plan, your plans and trades, how a trade went, the setups of the day, whether the market is open, the next holiday, help.';
export const WHICH_SYMBOL = 'That needs a ticker: write for example “plan for AAPL” or “levels of SPY”.';
export const NO_PLAN_YET =
  'You have no plan and no trade yet, so there is nothing to explain. Ask for “plan for AAPL” first.';

const list = <T>(items: readonly T[], most: number, line: (item: T, index: number) => string, between = ', '): string =>
  items.slice(0, most).map(line).join(between);

interface MoversOutput {
  readonly movers: readonly unknown[];
}

const moversLine = (id: string, { movers }: MoversOutput): string =>
  list(
    movers,
    5,
    (_, i) =>
      `{{${id}.movers.${i}.symbol|text}} {{${id}.movers.${i}.changePct|percent}} at {{${id}.movers.${i}.lastDollars|money}}`,
  );

export const gainers = (id: string, output: MoversOutput): string =>
  output.movers.length === 0 ? 'No stock is up on real volume yet.' : `▲ Up most: ${moversLine(id, output)}.`;

export const losers = (id: string, output: MoversOutput): string =>
  output.movers.length === 0 ? 'No stock is down on real volume yet.' : `▼ Down most: ${moversLine(id, output)}.`;

interface BreadthOutput {
  readonly covered: number;
  readonly upVolumePct?: number;
  readonly indexName?: string;
  readonly indexChangePct?: number;
}

export function breadth(id: string, output: BreadthOutput): string {
  if (output.covered === 0) return 'No stock has traded yet today, so there is no breadth to count.';
  const volume = output.upVolumePct === undefined ? '' : `, with {{${id}.upVolumePct|pct}} of volume in rising stocks`;
  const index =
    output.indexChangePct === undefined || output.indexName === undefined
      ? ''
      : ` {{${id}.indexName|text}} is {{${id}.indexChangePct|percent}}.`;
  return `Breadth is {{${id}.sentiment|text}}: {{${id}.advancingPct|pct}} of {{${id}.covered|count}} stocks advance ({{${id}.advancing|count}} up, {{${id}.declining|count}} down)${volume}.${index}`;
}

type Phase = 'premarket' | 'regular' | 'aftermarket' | 'closed';

interface StatusOutput {
  readonly phase: Phase;
  readonly nextPhase: Phase;
  readonly indices: readonly { readonly changePct?: number }[];
  readonly nextHoliday?: { readonly kind: string };
}

const NOW: Readonly<Record<Phase, string>> = {
  premarket: 'The pre-market session is on; the regular session has not opened',
  regular: 'The market is open',
  aftermarket: 'The regular session is over; after-hours trading is on',
  closed: 'The market is closed',
};
const NEXT: Readonly<Record<Phase, string>> = {
  premarket: 'pre-market begins',
  regular: 'the regular session opens',
  aftermarket: 'the regular session closes',
  closed: 'trading ends',
};

export const session = (id: string, { phase, nextPhase }: StatusOutput): string =>
  `${NOW[phase]}. Next: ${NEXT[nextPhase]} at {{${id}.nextChangeAt|time}}.`;

export const holiday = (id: string, { nextHoliday }: StatusOutput): string =>
  nextHoliday
    ? `Next is {{${id}.nextHoliday.name|text}} on {{${id}.nextHoliday.on|date}}: the market ${nextHoliday.kind === 'closed' ? 'is closed all day' : 'closes early'}.`
    : 'The calendar names no coming holiday.';

export function indices(id: string, output: StatusOutput): string {
  if (output.indices.length === 0) return `${NOW[output.phase]}. The indices cannot be read now.`;
  const values = list(output.indices, 5, ({ changePct }, i) => {
    const at = `${id}.indices.${i}`;
    const moved = changePct === undefined ? '' : ` ({{${at}.changePct|percent}})`;
    return `{{${at}.name|text}} {{${at}.value|price}}${moved}`;
  });
  return `${NOW[output.phase]}. ${values}.`;
}

interface PriceOutput {
  readonly changePct?: number;
  readonly lowDollars?: number;
  readonly highDollars?: number;
  readonly volumeOfUsualRatio?: number;
}

export function price(id: string, output: PriceOutput): string {
  const moved = output.changePct === undefined ? '' : `, {{${id}.changePct|percent}} on the day`;
  const range =
    output.lowDollars === undefined || output.highDollars === undefined
      ? ''
      : ` The day's range is {{${id}.lowDollars|price}} to {{${id}.highDollars|price}}.`;
  const usual =
    output.volumeOfUsualRatio === undefined ? '' : ` Volume is {{${id}.volumeOfUsualRatio|times}} a usual day.`;
  return `{{${id}.symbol|text}} trades at {{${id}.lastDollars|price}}${moved}.${range}${usual}`;
}

interface LevelsOutput {
  readonly lastDollars: number;
  readonly levels: readonly { readonly priceDollars: number }[];
}

export function levels(id: string, { lastDollars, levels: all }: LevelsOutput): string {
  const placed = all.map((level, i) => ({ ...level, i }));
  const line = ({ i }: { readonly i: number }): string =>
    `{{${id}.levels.${i}.name|text}} {{${id}.levels.${i}.priceDollars|price}} ({{${id}.levels.${i}.distancePct|percent}})`;
  // sorted from high to low: the nearest above are the last of those above
  const above = placed
    .filter((level) => level.priceDollars > lastDollars)
    .slice(-3)
    .reverse();
  const below = placed.filter((level) => level.priceDollars <= lastDollars).slice(0, 3);
  const over = above.length === 0 ? 'Nothing known lies above' : `Above: ${above.map(line).join(', ')}`;
  const under = below.length === 0 ? 'nothing known lies below' : `below: ${below.map(line).join(', ')}`;
  return `{{${id}.symbol|text}} last {{${id}.lastDollars|price}}. ${over}; ${under}.`;
}

interface NewsOutput {
  readonly symbol?: string;
  readonly items: readonly unknown[];
}

export const news = (id: string, { items }: NewsOutput): string =>
  items.length === 0
    ? 'No headline is known.'
    : list(
        items,
        4,
        (_, i) =>
          `- {{${id}.items.${i}.title|text}}, {{${id}.items.${i}.publisher|text}}, {{${id}.items.${i}.publishedAt|ago}}`,
        '\n',
      );

interface PlanOutput {
  readonly outcome: 'plan' | 'refused';
  readonly plan?: { readonly direction: 'long' | 'short'; readonly targets: readonly unknown[] };
}

export function plan(id: string, { outcome, plan: built }: PlanOutput): string {
  if (outcome === 'refused' || !built) return `No plan for {{${id}.symbol|text}} now: {{${id}.refusal.reason|text}}`;
  const at = `${id}.plan`;
  const targets = list(
    built.targets,
    3,
    (_, i) => `{{${at}.targets.${i}.name|text}} {{${at}.targets.${i}.price|price}} ({{${at}.targets.${i}.r|r}})`,
  );
  return `{{${at}.symbol|text}} ${built.direction}, {{${at}.setup.title|text}}: ${built.direction === 'long' ? 'buy above' : 'sell below'} {{${at}.entry.triggerPrice|price}}, stop {{${at}.stop.price|price}}, targets ${targets}. Size {{${at}.size.shares|count}} shares, {{${at}.size.riskDollars|money}} at risk. Confidence {{${at}.confidence.score|count}}.`;
}

interface PlansOutput {
  readonly plans: readonly unknown[];
}

export const plans = (id: string, { plans: all }: PlansOutput): string =>
  all.length === 0
    ? 'You have no plans yet. Ask for “plan for AAPL”.'
    : list(
        all,
        5,
        (_, i) =>
          `- {{${id}.plans.${i}.symbol|text}} {{${id}.plans.${i}.direction|text}}: entry {{${id}.plans.${i}.entry.triggerPrice|price}}, stop {{${id}.plans.${i}.stop.price|price}}, confidence {{${id}.plans.${i}.confidence.score|count}}, decided {{${id}.plans.${i}.decidedAt|time}}`,
        '\n',
      );

interface WhyOutput {
  readonly plan: {
    readonly confidence: { readonly factors: readonly { readonly contribution: number }[] };
    readonly rationale: { readonly for: readonly string[]; readonly against: readonly string[] };
  };
}

export function why(id: string, { plan: { confidence, rationale } }: WhyOutput): string {
  const at = `${id}.plan`;
  const factors = confidence.factors
    .map((factor, i) => ({ i, size: Math.abs(factor.contribution) }))
    .sort((a, b) => b.size - a.size)
    .slice(0, 3)
    .map(
      ({ i }) => `{{${at}.confidence.factors.${i}.label|text}} ({{${at}.confidence.factors.${i}.contribution|change}})`,
    )
    .join(', ');
  const reasons = (side: 'for' | 'against'): string =>
    list(rationale[side], 4, (_, i) => `{{${at}.rationale.${side}.${i}|text}}`, '; ');
  return [
    `{{${at}.symbol|text}} {{${at}.direction|text}}, {{${at}.setup.title|text}}, confidence {{${at}.confidence.score|count}}. What counts most: ${factors}.`,
    ...(rationale.for.length === 0 ? [] : [`For: ${reasons('for')}.`]),
    ...(rationale.against.length === 0 ? [] : [`Against: ${reasons('against')}.`]),
    `Stop {{${at}.stop.price|price}}: {{${at}.stop.reason|text}}. Wrong if {{${at}.invalidation.rule|text}}`,
  ].join('\n');
}

interface WatchlistOutput {
  readonly rows: readonly { readonly lastDollars?: number; readonly changePct?: number }[];
}

export const watchlist = (id: string, { rows }: WatchlistOutput): string =>
  rows.length === 0
    ? 'Your watchlist is empty; /watch add fills it.'
    : list(
        rows,
        10,
        ({ lastDollars, changePct }, i) =>
          `- {{${id}.rows.${i}.symbol|text}}${lastDollars === undefined ? ' no data' : ` {{${id}.rows.${i}.lastDollars|money}}`}${changePct === undefined ? '' : ` ({{${id}.rows.${i}.changePct|percent}})`}`,
        '\n',
      );

interface HelpOutput {
  readonly commands: readonly unknown[];
}

export const help = (id: string, { commands }: HelpOutput): string =>
  `Ask me what is moving, how the market or breadth is, for a plan, levels, price or news of a ticker, why a plan, your trades and how they went, the setups of the day, whether the market is open, or the next holiday. Commands:\n${list(
    commands,
    25,
    (_, i) => `- /{{${id}.commands.${i}.slash|text}}: {{${id}.commands.${i}.summary|text}}`,
    '\n',
  )}`;
