/** Sentences as a good model writes them over these results: t1 price, t2 breadth, t3 movers, t4 plan, t5 news, t6 levels, t7 status. */
const SENTENCES = [
  'AAPL trades at {{t1.lastDollars|money}}, {{t1.changePct|percent}} on the day.',
  '{{t1.name|text}} is {{t1.changeDollars|change}} from the previous close of {{t1.previousCloseDollars|price}}.',
  'The spread is {{t1.spreadBps|bps}}, tight for a stock of that size.',
  'It sits {{t1.rangePositionPct|pct}} of the way up its range, between {{t1.lowDollars|price}} and {{t1.highDollars|price}}.',
  'Volume is {{t1.volumeShares|volume}} so far, {{t1.volumeOfUsualRatio|times}} the usual pace for a whole day.',
  'From the open that is {{(t1.lastDollars - t1.openDollars) / t1.openDollars|percent}}.',
  'The day range is {{t1.highDollars - t1.lowDollars|money}} wide, or {{(t1.highDollars - t1.lowDollars) / t1.lastDollars * 100|pct}} of the price.',
  'The mid of the quote is {{(t1.bidDollars + t1.askDollars) / 2|money}}.',
  'The first print of the day was {{t1.openDollars|price}}, so buyers have been in control since then.',
  'One of the stronger names today; the other leaders are in energy.',
  'No one level matters more than yesterday’s high here.',
  'On the second test of the level, sellers stepped away.',
  'Earnings this quarter were ahead of forecasts, and next quarter is guided higher.',
  'Breadth is {{t2.sentiment|text}}: {{t2.advancingPct|pct}} of {{t2.covered|count}} stocks advance.',
  '{{t2.advancing|count}} stocks rise against {{t2.declining|count}} that fall, an A/D ratio of {{t2.advancing / t2.declining|times}}.',
  'That leaves {{100 - t2.advancingPct|pct}} that do not advance.',
  'Up volume is {{t2.upVolumePct|pct}} of the total, so the move has weight behind it.',
  '{{t2.newHighs|count}} names made 52-week highs and only {{t2.newLows|count}} made lows.',
  'The S&P 500 is {{t2.indexChangePct|percent}}, and most stocks go along with it.',
  'Small caps matter too: watch the Russell 2000 for confirmation.',
  'The Nasdaq 100 is not part of this count.',
  '{{t3.movers.0.symbol|text}} leads with {{t3.movers.0.changePct|percent}}, then {{t3.movers.1.symbol|text}} with {{t3.movers[1].changePct|percent}}.',
  'CHK leads the list at {{t3.movers.0.lastDollars|money}}; FCX follows.',
  'The gap between the leader and AAPL is {{t3.movers.0.changePct - t3.movers.2.changePct|percent}}.',
  'There are {{t3.movers.length|count}} names on the list.',
  'The plan is {{t4.plan.direction|text}}: entry above {{t4.plan.entry.triggerPrice|price}}, stop {{t4.plan.stop.price|price}}.',
  'T1 is {{t4.plan.targets.0.price|price}}, which is {{t4.plan.targets.0.r|r}}; T2 is {{t4.plan.targets.1.price|price}}.',
  'Risk is {{t4.plan.riskPerShare|money}} a share, so {{t4.plan.size.shares|count}} shares put {{t4.plan.size.riskDollars|money}} at risk.',
  'That is {{t4.plan.size.riskDollars / t4.plan.size.accountDollars|pct}} of the account.',
  'Measured from the entry the first target pays {{(t4.plan.targets.0.price - t4.plan.entry.triggerPrice) / t4.plan.riskPerShare|r}}.',
  'Confidence is {{t4.plan.confidence.score|count}}; it has not been measured on history yet.',
  'It was decided at {{t4.plan.decidedAt|time}} on 5 min bars, and it expires at {{t4.plan.expiresAt|time}}.',
  'At the trigger the position is worth {{t4.plan.size.shares * t4.plan.entry.triggerPrice|money}}.',
  'What speaks for it: {{t4.plan.rationale.for.0|text}}.',
  'The headline {{t5.items.0.title|text}} from {{t5.items.0.publisher|text}} came {{t5.items.0.publishedAt|ago}}: {{t5.items.0.url|link}}.',
  'The news is {{t5.items.0.sentiment|text}}.',
  'The nearest level is {{t6.levels.0.name|text}} at {{t6.levels.0.priceDollars|price}}, {{t6.levels.0.distancePct|percent}} away.',
  'A 15 min close above that level would change the picture.',
  'The session ends at {{t7.nextChangeAt|time}}; the next holiday is {{t7.nextHoliday.name|text}} on {{t7.nextHoliday.on|date}}.',
  'The {{t7.indices.0.name|text}} stands at {{t7.indices.0.value|price}}, while VIX is {{t7.indices.1.changePct|percent}}.',
  'The market is open, and the data is a replay, not live.',
  'Nothing here says what the stock does next; it says where the plan is wrong.',
  'I cannot see option flow, so I do not know who is behind the volume.',
  'That is a double top only if the pullback holds.',
  'The stock is in the upper part of its range, and it has been since the open.',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: models write the dollar sign before the placeholder
  'Price: ${{t1.lastDollars|money}} ({{t1.changePct|percent}}%).',
  '**AAPL** trades at **{{t1.lastDollars|money}}**.',
  'Compare {{t1.changePct|percent}} for AAPL with {{t2.indexChangePct|percent}} for the index: a difference of {{t1.changePct - t2.indexChangePct|percent}}.',
  'The EMA 9 is above the EMA 20, as the plan asks for.',
  'It trades in the upper half of its range, and at one point it was the leader.',
  'Volume picked up in the second half of the session.',
  'The confidence score says how much speaks for it.',
  'The shares trade above the open, and Apple’s shares lead the sector.',
  'AAPL shares change hands at {{t1.lastDollars|money}}.',
  'The plan buys {{t4.plan.size.shares|count}} shares; in dollars at risk that is {{t4.plan.size.riskDollars|money}}.',
  "This quarter’s earnings come next week, and last quarter's were fine.",
  'Volume runs at {{t1.volumeOfUsualRatio|times}} the usual pace; at one point it was slower.',
  'AAPL leads the index by {{t1.changePct - t2.indexChangePct|percent}} percentage points.',
  'In R terms the first target pays {{t4.plan.targets.0.r|r}}, and R is measured from the entry to the stop.',
  'The stop/entry distance is {{t4.plan.riskPerShare|money}} per share.',
  'Semiconductor shares lead one by one, and each R is the distance to the stop.',
  'The reasons against it are weighty.',
  'Sell some shares at the first target and move the stop of the rest to the entry.',
  'Advancing stocks as a percent of all are {{t2.advancingPct|pct}}.',
  'By {{t7.nextHoliday.on|date}} volume will be thin.',
];

/** So many answers of two to six sentences; the same in every run. */
export function sentenceSets(count: number): string[] {
  let seed = 20_151_223;
  const chance = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  return Array.from({ length: count }, (_, i) => {
    const chosen = Array.from({ length: 2 + chance(5) }, () => SENTENCES[chance(SENTENCES.length)] ?? '');
    const all = [SENTENCES[i % SENTENCES.length] ?? '', ...chosen.slice(1)];
    if (i % 7 === 0)
      return all
        .map((sentence, place) => `${place + 1}. ${sentence}`)
        .slice(0, 9)
        .join('\n');
    if (i % 7 === 1) return all.map((sentence) => `- ${sentence}`).join('\n');
    return all.join(' ');
  });
}
