import { describe, expect, it } from 'vitest';
import { createCoach } from '../../src/coach/coach.ts';
import { wantedIn } from '../../src/coach/intents.ts';
import type { Question } from '../../src/coach/turn.ts';
import { createMetrics } from '../../src/kit/metrics.ts';
import { publicPlan, stubCtx, withWrites } from './stub-house.ts';

function house() {
  const { invoke, commands, records } = withWrites();
  return { coach: createCoach({ commands, invoke, log: { warn: () => {} }, metrics: createMetrics() }), records };
}

const ask = (text: string, over: Partial<Question> = {}) =>
  house().coach.answer({ text, ctx: stubCtx(), history: [], audience: 'private', ...over });

describe('the coach without a model', () => {
  it.each([
    ["what's moving?", /^▲ Up most: CHK \*\*\+9\.8 %\*\* at \*\*\$4\.51\*\*.*\n▼ Down most: NKE \*\*-4\.2 %\*\*/],
    [
      "what's moving and how is breadth?",
      /▲ Up most:[\s\S]*▼ Down most:[\s\S]*Breadth is broadly rising: \*\*62\.3 %\*\*/,
    ],
    ['how is the market?', /^The market is open\. S&P 500 \*\*2,064\.29\*\* \(\*\*\+1\.2 %\*\*\), VIX \*\*15\.57\*\*/],
    ['breadth', /\*\*301\*\* up, \*\*170\*\* down/],
    [
      'plan for AAPL',
      /^AAPL long, opening-range breakout: buy above \*\*94\.10\*\*, stop \*\*93\.38\*\*, targets T1 \*\*94\.82\*\* \(\*\*\+1\.0 R\*\*\)/,
    ],
    ['plan for spy please', /^No plan for SPY now: The range is too tight: 0\.3 ATR\./],
    ['levels of AAPL', /^AAPL last \*\*94\.49\*\*\. Above: .*; below: /],
    ['where is support on $aapl', /^AAPL last/],
    ['why this plan?', /^AAPL long, opening-range breakout, confidence \*\*62\*\*\. What counts most: /],
    ['any news on AAPL?', /^- “Apple beats forecasts, shares rise 3%”, “Wire & Sons”, \*\*1 h 00 min ago\*\*/],
    ['is the market open?', /^The market is open\. Next: the regular session closes at \*\*<t:\d+:t>\*\*\.$/],
    ['when is the next holiday?', /^Next is Christmas on Fri 25 Dec: the market is closed all day\.$/],
    ['help', /^Ask me what is moving[\s\S]*- \/price: Last price/],
    ['how is AAPL doing?', /^AAPL trades at \*\*94\.10\*\*, \*\*\+1\.2 %\*\* on the day\./],
    ['aapl', /^AAPL trades at/],
    [
      'my trades',
      /^- AAPL long: stopped out, result \*\*\+0\.5 R\*\*, best \*\*\+1\.4 R\*\*\n- AAPL long: in at \*\*94\.12\*\*, banked \*\*\+0\.0 R\*\*, open \*\*\+0\.4 R\*\*, next T1 \*\*94\.82\*\*, stop \*\*93\.38\*\*/,
    ],
    [
      'how did my trade go?',
      /^Your AAPL long is over: stopped out, result \*\*\+0\.5 R\*\*.*held \*\*52\*\* minutes.*\nStep by step: triggered at \*\*94\.12\*\*, T1 reached at \*\*94\.82\*\*, stopped at \*\*94\.12\*\*\.$/,
    ],
    [
      'any setups today?',
      /^Offered:\n- AAPL long, opening-range breakout, \*\*<t:\d+:t>\*\*\nRefused:\n- NKE short.*: A plan for NKE stands already\.$/,
    ],
    ['my plans', /^- AAPL long: entry \*\*94\.10\*\*/],
    ['my watchlist', /^- AAPL \*\*\$94\.10\*\* \(\*\*\+1\.2 %\*\*\)/],
    ['plan please', /^That needs a ticker/],
    ['levels of QQQQQ', /^No stock or index called QQQQQ is traded\./],
    ['write me a poem', /^I did not understand that as a question I can answer from data alone\./],
    ['', /^I did not understand/],
  ])('%s', async (text, expected) => {
    const answer = await ask(text);
    expect(answer.text).toMatch(expected);
    expect(answer.by).toBe('template');
    expect(answer.fault).toBeUndefined();
  });

  it('offers what one would press next', async () => {
    expect((await ask('write me a poem')).buttons.map((one) => one.action.command)).toEqual([
      'movers',
      'breadth',
      'trade-list',
      'status',
      'help',
    ]);
    expect((await ask('plan for AAPL')).buttons.map((one) => one.label)).toEqual(['Why?', 'Levels AAPL']);
    expect((await ask('how is AAPL')).buttons.map((one) => one.action)).toEqual([
      { command: 'levels', input: { symbol: 'AAPL' } },
      { command: 'plan-build', input: { symbol: 'AAPL' } },
    ]);
  });

  it('brings the plan’s own card and the time of the data along', async () => {
    const answer = await ask('plan for AAPL');
    expect(answer.cards).toMatchObject([{ layout: 'container' }]);
    expect(answer.provenance).toMatchObject({ source: 'Sandbox replay of 23 Dec 2015', timeliness: 'live' });
    expect(answer.sources.length).toBeGreaterThan(8);
  });

  it('says nothing of a member’s plans where others read along', async () => {
    const answer = await ask('why this plan?', { audience: 'shared' });
    expect(answer.text).toMatch(/^That is private/);
    expect(answer).toMatchObject({ private: false, sources: [] });
    expect(await ask('why this plan?')).toMatchObject({ private: true });
  });

  it('explains the plan of the thread, and no other', async () => {
    const own = await ask('why this plan?', { planId: '7f3a9c51d2e8' });
    expect(own.text).toMatch(/^AAPL long/);
    const foreign = await ask('why this plan?', { planId: 'deadbeefdead' });
    expect(foreign.text).toMatch(/^No plan deadbeefdead was offered, and you have none of that id/);
  });

  it('helps where others read along too', async () => {
    expect(await ask('help', { audience: 'shared' })).toMatchObject({
      text: expect.stringMatching(/^Ask me what is moving/),
      private: false,
    });
  });

  it('explains an offered plan in its thread, where others read along, and none of a member’s own', async () => {
    const offered = await ask('why this plan?', { planId: publicPlan.planId, audience: 'shared' });
    expect(offered.text).toMatch(/^AAPL long, opening-range breakout, confidence \*\*62\*\*/);
    expect(offered.private).toBe(false);
    const own = await ask('why this plan?', { planId: '7f3a9c51d2e8', audience: 'shared' });
    expect(own.text).toMatch(/^There is no plan 7f3a9c51d2e8/);
    expect(await ask('how did my trade go?', { audience: 'shared' })).toMatchObject({
      text: expect.stringMatching(/^That is private/),
      sources: [],
      private: false,
    });
  });

  it('asks each tool once a turn, as the asking member', async () => {
    const { coach, records } = house();
    await coach.answer({
      text: 'how is the market and breadth',
      ctx: stubCtx({}, '300000000000000001'),
      history: [],
      audience: 'private',
    });
    expect(records.map((record) => [record.command, record.memberId])).toEqual([['breadth', '300000000000000001']]);
  });
});

describe('what a member wants', () => {
  it.each([
    ['What is the plan for BRK.B?', ['plan'], 'BRK.B'],
    ['how would you trade NVDA here', ['plan'], 'NVDA'],
    ['key levels for spy and any news', ['levels', 'news'], 'SPY'],
    ['Is the market closed tomorrow?', ['open'], undefined],
    ['when does it close early? any half-day?', ['holiday'], undefined],
    ['WHAT IS MOVING TODAY', ['movers'], undefined],
    ['how is the S&P 500', ['market'], 'SPX'],
    ['tell me about tesla', ['price'], 'TESLA'],
    ['why is the stop there', ['why-plan'], undefined],
    ['How did my trade go?', ['trade-result'], undefined],
    ['how is my AAPL trade doing', ['trade-result'], 'AAPL'],
    ['show all my trades', ['my-trades'], undefined],
    ['which set-ups did the scanner find?', ['setups'], undefined],
    ['why did we take this trade', ['why-plan'], undefined],
  ])('is read from "%s"', (text, intents, symbol) => {
    expect(wantedIn(text)).toEqual(symbol === undefined ? { intents } : { intents, symbol });
  });
});
