import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atNewYork } from '../../src/domain/session.ts';
import { auditRequests } from '../contracts/discord/audit.ts';
import { type House, openHouse, textOf } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.runTo(atNewYork('2015-12-23', '10:12'));
});
afterAll(() => house?.stop());

const symbol = (value: string) => [{ name: 'symbol', value }];

describe('every command answers with its numbers, their time and their source', () => {
  it.each([
    ['status', [], /Market open[\s\S]*S&P 500/],
    ['price', symbol('GOOG'), /GOOG[\s\S]*Spread/],
    ['price', symbol('spx'), /SPX/],
    ['movers', [], /Movers: gainers/],
    [
      'movers',
      [
        { name: 'direction', value: 'down' },
        { name: 'limit', value: 5 },
      ],
      /Movers: losers/,
    ],
    ['breadth', [], /advancing/],
    ['news', symbol('AAPL'), /News: AAPL/],
    ['levels', symbol('GOOG'), /PDH[\s\S]*VWAP/],
    ['chart', symbol('GOOG'), /GOOG[\s\S]*5m candles/],
  ] as const)('/%s %j', async (command, options, expected) => {
    const answer = await house.slash(command, options);
    const text = textOf(answer);
    expect(text).toMatch(expected);
    expect(text).toMatch(/as of \d\d:\d\d:\d\d ET.*Sandbox replay of 23 Dec 2015/);
    expect(answer.flags ?? 0).not.toBe(64);
  });

  it('marks a price whose minutes are synthesised, and leaves a real one unmarked', async () => {
    expect(textOf(await house.slash('price', symbol('AAPL')))).toContain('intraday path synthesised');
    expect(textOf(await house.slash('price', symbol('GOOG')))).not.toContain('synthesised');
  });

  it('asks the coach about a mover that is chosen from the menu', async () => {
    const movers = await house.slash('movers');
    const first = /^(\w[\w.]*)/m.exec(textOf(movers).split('```')[1]?.split('\n')[2] ?? '')?.[1] ?? '';
    const thread = /<#(\d+)>/.exec(textOf(await house.choose(movers, first)))?.[1] ?? '';
    const said = () => house.discord.person.messages(house.discord.users.owner, thread).map(textOf);
    expect(said()[0]).toContain(`Tell me about ${first}`);
    await expect.poll(() => said().at(-1), { timeout: 10_000 }).toContain(`${first} trades at`);
  });

  it('draws the chart with an alt text that says the same in words', async () => {
    const answer = await house.slash('chart', symbol('GOOG'));
    const image = answer.embeds[0]?.image;
    expect(image).toMatchObject({
      description: expect.stringMatching(/GOOG, 5m candles of Tue 22 Dec to Wed 23 Dec 2015: from [\d.]+ to [\d.]+/),
    });
    const png = await fetch(image?.url ?? '');
    expect(png.headers.get('content-type')).toBe('image/png');
    expect((await png.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
  });
});

describe('a plan', () => {
  it('shows entry, stop, targets and size, and says why in private', async () => {
    const plan = await planOf('GOOG');
    const text = textOf(plan);
    expect((plan.flags ?? 0) & 64).toBe(64);
    expect(text).toMatch(/Stop[\s\S]*T1[\s\S]*trail/);
    expect(text).toMatch(/Decided 10:10 ET at 749.03, now [\d.]+ at 10:12/);
    expect(text).toContain('Education, not financial advice.');
    const why = await house.press(plan, 'Why?');
    expect(why.flags).toBeDefined();
    expect((why.flags ?? 0) & 64).toBe(64);
    expect(textOf(why)).toMatch(/Confidence 68[\s\S]*Stop[\s\S]*not [\d.]+ by/);
  });

  it('is kept: /plan list names it and /plan show draws it again', async () => {
    const id = /plan ([0-9a-f]{6})/.exec(textOf(await planOf('GOOG')))?.[1] ?? '';
    expect(textOf(await house.slash('plan list'))).toContain(id);
    const again = await house.slash('plan show', [{ name: 'id', value: id }]);
    expect(textOf(again)).toContain(`plan ${id}`);
    expect(JSON.stringify(again.components)).toContain('chart.png');
  });

  it("is nobody else's: another member does not find it", async () => {
    const id = /plan ([0-9a-f]{6})/.exec(textOf(await planOf('GOOG')))?.[1] ?? '';
    const other = await house.slash('plan show', [{ name: 'id', value: id }], { as: 'free' });
    expect(textOf(other)).toContain(`No plan ${id} was offered, and you have none of that id`);
  });

  it('of an index is refused with the fund that can be traded', async () => {
    expect(textOf(await house.slash('plan build', symbol('SPX')))).toMatch(/index and cannot be traded.*SPY/);
  });

  it('is sized by the risk that the member set, and never beyond it', async () => {
    await setRisk('20000', '0.5', 'pro');
    const text = textOf(await planOf('GOOG', 'pro'));
    const risked = Number(/\$([\d,.]+) at risk/.exec(text)?.[1]?.replaceAll(',', ''));
    expect(risked).toBeGreaterThan(0);
    expect(risked).toBeLessThanOrEqual(100);
  });
});

describe('the watchlist', () => {
  it('takes a symbol once, shows its price, and lets it go', async () => {
    expect(textOf(await house.slash('watch add', symbol('aapl')))).toContain('is on your watchlist');
    expect(textOf(await house.slash('watch add', symbol('AAPL')))).toContain('already');
    expect(textOf(await house.slash('watch list'))).toMatch(/AAPL\s+\$\d+/);
    expect(textOf(await house.slash('watch list', [], { as: 'free' }))).toContain('empty');
    expect(textOf(await house.slash('watch remove', symbol('AAPL')))).toContain('is off your watchlist');
  });
});

describe('bad input gets one clear private sentence', () => {
  it.each([
    ['price', symbol('NOPE'), /No stock or index called NOPE/],
    ['price', symbol('???'), /"\?\?\?" is not a ticker/],
    ['price', symbol('A'.repeat(24)), /is not a ticker/],
    ['plan show', [{ name: 'id', value: 'zz' }], /found "zz", a plan id is 6 to 64/],
    ['plan show', [{ name: 'id', value: 'abcdef' }], /No plan abcdef was offered, and you have none of that id/],
    ['price', symbol('SPY151224C00200000'), /option contract; ask for its underlying, SPY/],
    [
      'risk',
      [
        { name: 'account', value: '10000' },
        { name: 'percent', value: '0' },
      ],
      /0/,
    ],
    [
      'risk',
      [
        { name: 'account', value: '10000' },
        { name: 'percent', value: '150' },
      ],
      /150/,
    ],
  ] as const)('/%s %j', async (command, options, expected) => {
    const answer = await house.slash(command, options);
    expect(textOf(answer)).toMatch(expected);
    expect((answer.flags ?? 0) & 64).toBe(64);
  });
});

describe("what is one member's alone", () => {
  it('never stands where others read: plans, risk and watchlists', () => {
    const others = house.discord.person.messages(house.discord.users.free, house.discord.channels.coach, 100);
    const texts = others.map(textOf).join('\n');
    expect(texts).not.toMatch(/at risk|of \$10,000|on your watchlist/);
  });
});

describe('everything that went to Discord', () => {
  it('is valid by its OpenAPI file and the limits that the file misses, and can ping nobody', () => {
    expect(auditRequests(house.discord.requests)).toEqual([]);
    const messages = house.discord.requests.filter(
      ({ method, route }) => method !== 'GET' && /messages(?:\/:message)?$|webhooks/.test(route),
    );
    expect(messages.length).toBeGreaterThan(30);
    for (const { body, method } of messages) {
      if (method === 'DELETE') continue;
      expect(body).toMatchObject({ allowed_mentions: { parse: [] } });
    }
  });
});

async function planOf(text: string, as: 'owner' | 'pro' = 'owner') {
  const answer = await house.slash('plan build', symbol(text), { as });
  expect(textOf(answer)).toContain('Stop');
  return answer;
}

async function setRisk(account: string, percent: string, as: 'owner' | 'pro') {
  await house.slash(
    'risk',
    [
      { name: 'account', value: account },
      { name: 'percent', value: percent },
    ],
    { as },
  );
}
