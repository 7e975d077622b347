import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { chromiumPath, launchChromium } from './chromium.ts';
import { type FakeServer, startFakeServer } from './fake-server.ts';
import { BOT, GENERAL, PEOPLE, PLANS, THREAD, wireMessage } from './fake-world.ts';

const OWNER = PEOPLE[0].id;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let server: FakeServer;
let outside: string[];
let faults: string[];
/** A fault that this test brings about itself. */
let expected: RegExp | undefined;

const nav = (): Locator => page.getByRole('navigation', { name: 'Channels' });
const box = (name: string): Locator => page.getByRole('combobox', { name });
const last = (): Locator => page.getByRole('article').last();
const heard = (path: string): object | undefined => server.heard.findLast((one) => one.path === path)?.body;

describe.skipIf(!chromiumPath)('the page', () => {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });

  beforeEach(async () => {
    server = await startFakeServer();
    context = await browser.newContext({ viewport: { width: 1280, height: 800 }, timezoneId: 'America/New_York' });
    page = await context.newPage();
    page.setDefaultTimeout(8_000);
    outside = [];
    faults = [];
    expected = undefined;
    page.on('request', (request) => request.url().startsWith(server.url) || outside.push(request.url()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (line) => line.type() === 'error' && !expected?.test(line.text()) && faults.push(line.text()));
    await page.goto(server.url);
    await page.getByText('The morning in one picture').waitFor();
  });
  afterEach(async () => {
    await context.close();
    await server.stop();
    expect({ outside, faults }).toEqual({ outside: [], faults: [] });
  });

  test('reads a channel: who, what, when, in reply to what', async () => {
    const articles = page.getByRole('list', { name: 'Messages' }).getByRole('article');
    expect(await articles.count()).toBe(8);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('general');
    expect(await articles.nth(1).textContent()).toContain('morning, anything moving?');
    // the second message of the same minute needs no second head
    expect(await articles.nth(2).getByText('pete').count()).toBe(0);
    expect(await articles.nth(3).textContent()).toMatch(/pete.*morning, anything moving\?.*Trading Coach.*APP/s);
    expect(await page.getByText('used').first().textContent()).toContain('olivia');
    expect(await page.getByText('(edited)').count()).toBe(1);
    expect(await page.getByRole('img', { name: 'Breadth, 62 % advancing' }).count()).toBe(1);
    expect(await page.locator('main script, main img[onerror]').count()).toBe(0);
    expect(await page.getByText('<img src=x onerror=alert(1)>').count()).toBe(1);
  });

  test('shows New York market time and counts replayed times from it', async () => {
    const clock = page.getByRole('group', { name: 'Market clock' });
    expect(await clock.textContent()).toMatch(/^Wed, Dec 23, 201510:3\d:\d\dETOpen$/);
    expect(await page.locator('time[data-relative]').first().textContent()).toMatch(/^\d+ (minutes|hours) ago$/);
    await page.getByRole('radio', { name: '600x' }).check();
    expect(heard('/sandbox/market')).toEqual({ action: 'speed', speed: 600 });
    await page.getByRole('button', { name: 'Pause market' }).click();
    await page.getByRole('button', { name: 'Resume market' }).waitFor();
    const held = await clock.textContent();
    await page.getByRole('button', { name: 'Next open' }).click();
    await page.getByText('Pre-market', { exact: true }).waitFor();
    expect(held).toContain('2015');
    expect(heard('/sandbox/market')).toEqual({ action: 'next_open' });
  });

  test('takes a slash command by keyboard alone, with suggestions', async () => {
    await box('Message #general').focus();
    await page.keyboard.type('/ch');
    await page.getByRole('option', { name: /\/chart/ }).waitFor();
    await page.keyboard.press('Tab');
    const symbol = box('symbol (required)');
    await symbol.waitFor();
    await page.keyboard.press('Enter');
    await page.keyboard.type('appl');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('goo');
    await page.getByRole('option', { name: /GOOG/ }).waitFor();
    await page.keyboard.press('Enter');
    expect(await symbol.inputValue()).toBe('GOOG · Alphabet');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await box('timeframe').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    expect(await box('timeframe').inputValue()).toBe('5m');
    server.hold();
    await page.keyboard.press('Enter');
    await page.getByText('Trading Coach is thinking…').waitFor();
    server.release();
    await page.getByText('GOOG $94.12').waitFor();
    expect(heard('/sandbox/slash')).toMatchObject({
      as: OWNER,
      channelId: GENERAL,
      command: 'chart',
      options: [
        { name: 'symbol', value: 'GOOG' },
        { name: 'timeframe', value: '5m' },
      ],
    });
    expect(await page.getByText('Sending').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('text');
  });

  test('says what is missing before it sends, and Escape gives the text box back', async () => {
    await box('Message #general').fill('/price');
    await page.keyboard.press('Enter');
    await box('symbol (required)').waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('symbol is required').waitFor();
    expect(await box('symbol (required)').getAttribute('aria-invalid')).toBe('true');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await box('Message #general').waitFor();
    expect(heard('/sandbox/slash')).toBeUndefined();
  });

  test('a whole typed line is sent with one Enter, and plain text is a message', async () => {
    await box('Message #general').fill('/plan build GOOG');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Take it' }).waitFor();
    await box('Message #general').fill('thanks');
    await page.keyboard.press('Enter');
    await page
      .getByRole('article', { name: /^olivia/ })
      .getByText('thanks')
      .waitFor();
    expect(heard('/sandbox/say')).toEqual({ as: OWNER, channelId: GENERAL, content: 'thanks' });
  });

  test('a command that nobody answers says so and can be dismissed', async () => {
    await box('Message #general').fill('/silent');
    await page.keyboard.press('Enter');
    await page.getByText('/silent: the application did not respond').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.getByText('did not respond').count()).toBe(0);
  });

  test('a press waits, answers privately, and the answer can be dismissed', async () => {
    await nav().getByRole('link', { name: 'plans' }).click();
    server.hold();
    await page.getByRole('button', { name: 'Why?' }).click();
    await page.getByRole('button', { name: 'Why?', disabled: true }).waitFor();
    expect(await page.getByRole('button', { name: 'Why?' }).getAttribute('aria-busy')).toBe('true');
    server.release();
    await page.getByText('Only you can see this').waitFor();
    expect(await page.getByRole('button', { name: 'Why?' }).getAttribute('aria-busy')).toBe(null);
    await page.getByRole('button', { name: 'Dismiss message' }).click();
    expect(await page.getByText('Only you can see this').count()).toBe(0);
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('This interaction failed').waitFor();
  });

  test('a select menu opens, moves and chooses by keyboard', async () => {
    await box('Message #general').fill('/movers');
    await page.keyboard.press('Enter');
    const menu = box('Tell me about…');
    await menu.focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.type('g');
    await page.keyboard.press('Enter');
    await page.getByText('About GOOG').waitFor();
    expect(heard('/sandbox/select')).toMatchObject({ customId: 'tell', values: ['GOOG'] });
    expect(await menu.textContent()).toBe('GOOG');
  });

  test('a menu of two takes two and sends them when it closes', async () => {
    await box('Pick up to two').click();
    for (const name of ['SPY', 'IWM', 'QQQ']) await page.getByRole('option', { name }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => heard('/sandbox/select')).toMatchObject({ customId: 'many', values: ['SPY', 'IWM'] });
  });

  test('a modal holds the focus, checks what is required and sends every field', async () => {
    await box('Message #general').fill('/risk');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Your risk' });
    await dialog.waitFor();
    for (let tabs = 0; tabs < 12; tabs += 1) {
      await page.keyboard.press('Tab');
      expect(
        await page.evaluate(
          () => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
        ),
      ).toBe(true);
    }
    await dialog.getByRole('button', { name: 'Submit' }).click();
    await dialog.getByText('Risk per trade in percent is required').waitFor();
    await dialog.getByLabel('Risk per trade in percent').fill('0.5');
    await dialog.getByRole('combobox', { name: 'Style' }).click();
    await dialog.getByRole('option', { name: 'Swing' }).click();
    await dialog.getByRole('button', { name: 'Submit' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(heard('/sandbox/modal')).toMatchObject({ values: { account: '10000', risk: '0.5', style: 'swing' } });
    await page.getByText('Saved: 1.0 % of $10,000.').waitFor();
  });

  test('a thread opens from its message, marks what is unread and leads back', async () => {
    server.post(
      wireMessage(THREAD, BOT.id, { content: 'Stopped on the rest', mentions: [{ id: OWNER, username: 'olivia' }] }),
    );
    await nav().getByRole('link', { name: 'AAPL long 7f3a9c 1 unread' }).waitFor();
    await nav().getByRole('link', { name: 'plans' }).click();
    await page.getByRole('link', { name: /AAPL long 7f3a9c 2 messages/ }).click();
    await page.getByText('T1 hit').waitFor();
    expect(page.url()).toBe(`${server.url}#${THREAD}`);
    expect(await nav().getByText('unread').count()).toBe(0);
    await page.getByRole('main').getByRole('link', { name: 'plans', exact: true }).click();
    expect(page.url()).toBe(`${server.url}#${PLANS}`);
  });

  test('an answer that grows keeps the place of who reads above it', async () => {
    const scroller = page.locator('#scroller');
    const growing = wireMessage(GENERAL, BOT.id, { content: 'streaming' });
    server.post(growing);
    await page.getByText('streaming').waitFor();
    await scroller.evaluate((element) => element.scrollTo(0, 200));
    const place = (): Promise<number> =>
      page.getByText('asking for a friend').evaluate((element) => element.getBoundingClientRect().top);
    const before = await place();
    for (let edits = 1; edits <= 5; edits += 1) server.edit({ ...growing, content: 'line\n'.repeat(edits * 8) });
    server.post(wireMessage(GENERAL, BOT.id, { content: 'and another' }));
    await page.getByRole('button', { name: 'New messages below' }).waitFor();
    expect(Math.abs((await place()) - before)).toBeLessThan(2);
    await page.getByRole('button', { name: 'New messages below' }).click();
    await expect
      .poll(() => last().evaluate((element) => element.getBoundingClientRect().bottom <= window.innerHeight))
      .toBe(true);
  });

  test('a cut stream is told and made good', async () => {
    expected = /net::ERR_/;
    await page.evaluate(() => {
      new MutationObserver(() => document.body.setAttribute('data-told', 'yes')).observe(
        document.getElementById('link-note') ?? document.body,
        { attributes: true },
      );
    });
    server.cut();
    await page.locator('body[data-told]').waitFor();
    server.post(wireMessage(GENERAL, BOT.id, { content: 'said in between' }));
    await page.getByText('said in between').waitFor();
    expect(await page.getByText('Reconnecting…').isVisible()).toBe(false);
  });

  test('becoming another member reads and acts as that member', async () => {
    await page.getByRole('radio', { name: 'free' }).check();
    await page.getByText('free · you').waitFor();
    await box('Message #general').fill('hello');
    await page.keyboard.press('Enter');
    await page.getByRole('article', { name: /^frida/ }).waitFor();
    expect(heard('/sandbox/say')).toMatchObject({ as: PEOPLE[2].id });
    await page.reload();
    await page.getByText('free · you').waitFor();
  });

  test('fits 390 px: the channels are a drawer and nothing sticks out', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBe(390);
    await nav().waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Channels' }).click();
    await nav().getByRole('link', { name: 'plans' }).click();
    await page.getByRole('button', { name: 'Take it' }).waitFor();
    await page.waitForFunction(() => !document.body.classList.contains('drawer-open'));
    expect(await width()).toBe(390);
    const wide = await page
      .locator('main *')
      .evaluateAll((all) => all.filter((one) => !one.closest('pre') && one.getBoundingClientRect().right > 391).length);
    expect(wide).toBe(0);
    await page.getByRole('button', { name: 'Market controls' }).click();
    await page.getByRole('radio', { name: '60x' }).check();
    expect(heard('/sandbox/market')).toEqual({ action: 'speed', speed: 60 });
  });
});
