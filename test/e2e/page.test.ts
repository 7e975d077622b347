import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atNewYork } from '../../src/domain/session.ts';
import { chromiumPath, launchChromium } from '../sandbox/page/chromium.ts';
import { type House, openHouse, type Who } from './house.ts';

const SHOTS = 'test-results/shots';
const SLOW = { timeout: 120_000 };

/** Without a browser the walk is skipped on a developer's machine, never in CI. */
const skip = !chromiumPath && !process.env.CI;

let house: House;
let browser: Browser;
let page: Page;
const faults: string[] = [];

describe.skipIf(skip)('the whole product through its page', () => {
  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    [house, browser] = await Promise.all([openHouse(), launchChromium()]);
    const context = await browser.newContext({
      viewport: { width: 1280, height: 900 },
      timezoneId: 'America/New_York',
    });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(house.discord.url) && !request.url().startsWith('data:'))
        faults.push(request.url());
    });
    await page.goto(house.discord.url);
  });
  afterAll(async () => {
    await browser?.close();
    await house?.stop();
  });

  it('greets the visitor, and a button of the greeting answers', SLOW, async () => {
    await page.getByText('Welcome to Trading Coach').waitFor();
    await page.getByRole('button', { name: 'Price of GOOG' }).click();
    await page
      .getByText(/GOOG\s+\$7/)
      .first()
      .waitFor();
    await shot('welcome');
  });

  it('watches the session open: the badge, the board and the alert', SLOW, async () => {
    await page.getByRole('radio', { name: '60x' }).check();
    await page.getByRole('button', { name: 'Resume market' }).click();
    await page.getByText('Open', { exact: true }).waitFor();
    await room('market');
    await page.getByText(/Market open · 09:3/).waitFor();
    const before = await newest().textContent();
    await expect.poll(async () => (await newest().textContent()) !== before, { timeout: 20_000 }).toBe(true);
    await shot('board');
    await room('alerts');
    await page.getByText('Market open · 2015-12-23').waitFor();
    await shot('alert-open');
    await house.runTo(atNewYork('2015-12-23', '10:12'));
  });

  it.each(['owner', 'pro', 'free'] as const)('serves the %s with every card', { timeout: 240_000 }, async (who) => {
    await page.getByRole('radio', { name: who }).check();
    await room('coach');
    await command('/status', 'Market data', who);
    await command('/price GOOG', 'Spread', who);
    await command('/movers', 'Movers: gainers', who);
    await choose();
    await shot(`${who}-movers-chosen`);
    await room('coach');
    await command('/breadth', 'advancing', who);
    await command('/news AAPL', 'News: AAPL', who);
    await command('/levels GOOG', 'Levels: GOOG', who);
    await command('/chart GOOG', '5m candles', who);
    await expect(
      newest()
        .getByRole('img', { name: /GOOG, 5m candles/ })
        .count(),
    ).resolves.toBe(1);
    await command('/risk', undefined, who);
    const form = page.getByRole('dialog');
    await form.getByRole('textbox').nth(0).fill('25000');
    await form.getByRole('textbox').nth(1).fill('0.5');
    await shot(`${who}-risk-form`);
    await form.getByRole('button', { name: 'Submit' }).click();
    await newest().getByText('$125.00').waitFor();
    await command('/plan build GOOG', 'Confidence', who);
    await newest().getByRole('button', { name: 'Why?' }).click();
    await newest().getByText('Only you can see this').waitFor();
    await shot(`${who}-why`);
    await command('/watch add AAPL', 'is on your watchlist', who);
    await command('/watch list', 'AAPL', who);
    await command('/plan list', 'GOOG', who);
    await command('/price NOPE', 'No stock or index called NOPE', who);
    await command('/help', 'What I can do', who);
  });

  it('fits a phone', SLOW, async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    // the drawer slides away
    await page.getByRole('navigation', { name: 'Channels' }).waitFor({ state: 'hidden' });
    await page.screenshot({ path: `${SHOTS}/phone.png` });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.setViewportSize({ width: 1280, height: 900 });
  });

  it('watches the session close', SLOW, async () => {
    await page.getByRole('button', { name: 'Next close' }).click();
    await page.getByRole('button', { name: 'Resume market' }).click();
    await room('alerts');
    await page.getByText('Market closed · 2015-12-23').waitFor();
    await shot('alert-close');
  });

  it('met no fault of its own and asked nothing of the outside', () => {
    expect(faults).toEqual([]);
  });
});

const newest = () => page.getByRole('article').last();

async function room(name: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Channels' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .click();
  await page.getByRole('combobox', { name: `Message #${name}` }).waitFor();
}

/** Types a line as a person would and waits for the card that holds `expected`. */
async function command(line: string, expected: string | undefined, who: Who): Promise<void> {
  const box = page.getByRole('combobox', { name: 'Message #coach' });
  await box.fill(line);
  await box.press('Enter');
  if (expected === undefined) return void (await page.getByRole('dialog').waitFor());
  await newest().getByText(expected).first().waitFor();
  await shot(`${who}-${line.slice(1).replace(/\W+/g, '-')}`);
}

/** Asks about the first of the movers from the menu: a thread opens, and the coach answers there. */
async function choose(): Promise<void> {
  const menu = newest().getByRole('combobox', { name: 'Tell me about…' });
  await menu.click();
  await page.getByRole('option').first().click();
  const thread = newest().getByRole('link').last();
  await thread.waitFor();
  await thread.click();
  await newest()
    .getByRole('button', { name: /^Sources/ })
    .waitFor();
}

async function shot(name: string): Promise<void> {
  await page.screenshot({ path: `${SHOTS}/${name}.png` });
}
