import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atNewYork } from '../../src/domain/session.ts';
import { chromiumPath, launchChromium } from '../sandbox/page/chromium.ts';
import { type House, openHouse, textOf } from './house.ts';

const SLOW = { timeout: 120_000 };

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house?.stop());

const fault = (key: string, on: boolean): void => house.discord.person.fault({ key, on });
const price = (value: string) => house.slash('price', [{ name: 'symbol', value }]);
const statusLine = async (): Promise<string> =>
  /\*\*Market data\*\*.*/.exec(textOf(await house.slash('status')))?.[0] ?? '';
const broken = (): string[] =>
  house.discord.person
    .state(house.discord.users.owner)
    .faults.filter((one) => one.on)
    .map((one) => one.key);
const isOnline = (): boolean => house.discord.person.state(house.discord.users.owner).botOnline;
const wordsIn = (channelId: string): string[] =>
  house.discord.person.messages(house.discord.users.owner, channelId).map(textOf);
const ENDED = /(?:^|· )(?:Stopped|Trailed out|Time stop|Completed|Expired|Invalidated|Cancelled) /;
const DATA_DOWN = /Stocks data down[\s\S]*Open plans go on/;
const isTold = (threadId: string, what: RegExp): boolean => wordsIn(threadId).some((words) => what.test(words));
const hasEnded = (threadId: string): boolean => isTold(threadId, ENDED);
const openThreads = (): string[] =>
  house.discord.person
    .messages(house.discord.users.owner, house.discord.channels.plans)
    .flatMap(({ id, thread }) => (thread ? [id] : []))
    .filter((threadId) => !hasEnded(threadId));
const openAlerts = () =>
  house.discord.person
    .messages(house.discord.users.owner, house.discord.channels.alerts)
    .filter((message) => textOf(message).includes('Market open'));

describe('an alert that Discord took and then denied', () => {
  it('is in the channel once', SLOW, async () => {
    fault('alert_denied', true);
    expect(broken()).toEqual(['alert_denied']);
    await house.runTo(atNewYork('2015-12-23', '09:31'));
    await expect.poll(broken).toEqual([]);
    await expect.poll(() => openAlerts().length).toBe(1);
    await house.runTo(atNewYork('2015-12-23', '10:12'));
    expect(openAlerts()).toHaveLength(1);
    // the retry carries the nonce of the first try
    const told = house.discord.requests.filter((one) => one.route === 'POST /channels/:channel/messages');
    const nonces = told.map((one) => (one.body as { nonce?: string }).nonce);
    expect(nonces.length).toBeGreaterThan(new Set(nonces).size);
  });
});

describe('with the provider unreachable', () => {
  it('says what is down, answers with what it last knew, and streams again after healing', SLOW, async () => {
    expect(textOf(await price('GOOG'))).not.toContain('last known');
    house.control.setSpeed(60);
    house.control.resume();
    fault('provider_unreachable', true);
    await expect.poll(statusLine, { timeout: 15_000, interval: 500 }).toMatch(/down.*stocks down.*indices down/);
    await expect
      .poll(async () => textOf(await price('GOOG')), { timeout: 10_000, interval: 500 })
      .toMatch(/GOOG\s+\$7[\s\S]*as of 10:1\d:\d\d ET.*last known, \d+ min old/);
    const unknown = await price('KO');
    expect(textOf(unknown)).toMatch(/Massive (has failed|did not answer).*a price for KO/);
    expect((unknown.flags ?? 0) & 64).toBe(64);
    fault('provider_unreachable', false);
    await expect
      .poll(statusLine, { timeout: 60_000, interval: 500 })
      .toMatch(/^((?!held back).)*stocks streaming, indices streaming/);
    expect(textOf(await price('GOOG'))).not.toContain('last known');
    house.control.pause();
  });
});

describe('with only its stream cut', () => {
  it(
    'polls over REST, so that prices stay fresh, and tells #ops and the open plans within 15 seconds',
    SLOW,
    async () => {
      const open = openThreads();
      expect(open.length).toBeGreaterThan(0);
      const told = wordsIn(house.discord.channels.ops).length;
      const cutAt = Date.now();
      fault('stream_cut', true);
      await expect
        .poll(() => wordsIn(house.discord.channels.ops).slice(told).join(), { timeout: 15_000 })
        .toMatch(/Stocks feed down[\s\S]*connection lost[\s\S]*Prices and minutes come by single requests/);
      // a plan that ended on its last minute is told nothing more
      await expect
        .poll(() => open.filter((threadId) => !hasEnded(threadId) && !isTold(threadId, DATA_DOWN)), {
          timeout: 15_000 - (Date.now() - cutAt),
        })
        .toEqual([]);
      const concerned = open.filter((threadId) => isTold(threadId, DATA_DOWN));
      expect(concerned.length).toBeGreaterThan(0);
      await expect.poll(statusLine, { timeout: 15_000, interval: 500 }).toMatch(/stocks polling.*indices polling/);
      expect(textOf(await price('GOOG'))).not.toContain('last known');
      fault('stream_cut', false);
      await expect.poll(statusLine, { timeout: 60_000, interval: 500 }).toMatch(/stocks streaming, indices streaming/);
      await expect
        .poll(() => wordsIn(house.discord.channels.ops).slice(told).join(), { timeout: 15_000 })
        .toMatch(/Stocks feed back after/);
      await expect
        .poll(() => concerned.filter((threadId) => !isTold(threadId, /Stocks data back after/)), { timeout: 15_000 })
        .toEqual([]);
      const words = wordsIn(house.discord.channels.ops).slice(told).join();
      expect(words.match(/Stocks feed/g)).toHaveLength(2);
    },
  );
});

describe('a provider that falls silent while everything stays connected', () => {
  it('is told in #ops within 15 seconds; prices carry their age; its return is told', SLOW, async () => {
    const told = wordsIn(house.discord.channels.ops).length;
    const news = (): string => wordsIn(house.discord.channels.ops).slice(told).join();
    fault('provider_silent', true);
    await expect.poll(news, { timeout: 15_000 }).toMatch(/Stocks feed down[\s\S]*no sign of life/);
    house.control.setSpeed(60);
    house.control.resume();
    await expect
      .poll(async () => textOf(await price('GOOG')), { timeout: 20_000, interval: 500 })
      .toMatch(/GOOG\s+\$7[\s\S]*last known, \d+ min old/);
    house.control.pause();
    fault('provider_silent', false);
    await expect.poll(news, { timeout: 90_000, interval: 500 }).toMatch(/Stocks feed back after/);
  });
});

describe('a bot whose connection is lost', () => {
  it.each(['bot_killed', 'bot_reconnect'])('answers commands again within seconds (%s)', async (key) => {
    const at = Date.now();
    fault(key, true);
    expect(textOf(await house.slash('help'))).toContain('What I can do');
    await expect.poll(isOnline, { timeout: 5_000 }).toBe(true);
    expect(textOf(await house.slash('help'))).toContain('What I can do');
    expect(Date.now() - at).toBeLessThan(5_000);
  });
});

describe.skipIf(!chromiumPath && !process.env.CI)('the page', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(15_000);
    await page.goto(house.discord.url);
  });
  afterAll(() => browser?.close());

  it('reaches each fault by keyboard, and heals them all', SLOW, async () => {
    const button = page.getByRole('button', { name: /^Faults/ });
    const gone: boolean[] = [];
    const hush = house.discord.person.listen(house.discord.users.owner, (event) => {
      if (event.type === 'bot' && !event.online) gone.push(true);
    });
    const { faults } = house.discord.person.state(house.discord.users.owner);
    expect(faults).toHaveLength(9);
    for (const [at, { key, kind, label }] of faults.entries()) {
      await expect.poll(isOnline, { timeout: 5_000 }).toBe(true);
      await button.focus();
      await page.keyboard.press('Enter');
      for (let step = 0; step < at; step += 1) await page.keyboard.press('ArrowDown');
      await page.locator('[role^="menuitem"]:focus', { hasText: label }).waitFor();
      const before = gone.length;
      await page.keyboard.press(kind === 'switch' ? 'Space' : 'Enter');
      if (kind === 'switch' || key === 'alert_denied') await expect.poll(broken).toContain(key);
      else await expect.poll(() => gone.length).toBe(before + 1);
      await page.keyboard.press('Escape');
    }
    hush();
    // two answers of one server exclude each other
    await page.getByRole('button', { name: 'Faults 6 active' }).waitFor();
    await button.focus();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await expect.poll(broken).toEqual([]);
    await page.getByRole('button', { name: 'Faults', exact: true }).waitFor();
  });
});
