import { mkdir } from 'node:fs/promises';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { atNewYork } from '../../src/domain/session.ts';
import { chromiumPath, launchChromium } from '../sandbox/page/chromium.ts';
import { type House, openHouse } from './house.ts';

const SHOTS = 'test-results/shots';
const SLOW = { timeout: 120_000 };
const ON = '2015-12-23';
/** Offered at 09:45, triggers, reaches T1 and comes back to its entry before noon. */
const SYMBOL = 'CMG';

/** Without a browser the walk is skipped on a developer's machine, never in CI. */
const skip = !chromiumPath && !process.env.CI;

let house: House;
let browser: Browser;
let page: Page;

describe.skipIf(skip)('the life of a trade, walked by its member', () => {
  beforeAll(async () => {
    await mkdir(SHOTS, { recursive: true });
    [house, browser] = await Promise.all([openHouse(), launchChromium()]);
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 }, timezoneId: 'America/New_York' });
    page.setDefaultTimeout(20_000);
    await page.goto(house.discord.url);
    await page.getByRole('radio', { name: 'pro' }).check();
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await shot(`life-failed-${task.name.slice(0, 20).replace(/\W+/g, '-')}`);
  });
  afterAll(async () => {
    await browser?.close();
    await house?.stop();
  });

  it('is offered in #plans, with its chart and a thread', SLOW, async () => {
    await room('coach');
    await type(`/watch add ${SYMBOL}`, 'is on your watchlist');
    await house.runTo(atNewYork(ON, '09:45') + 30_000);
    await room('plans');
    const card = offer();
    await card.waitFor();
    await expect(card.textContent()).resolves.toMatch(/Sell short below[\s\S]*Stop[\s\S]*T1[\s\S]*reference account/);
    await expect.poll(() => card.getByRole('img').first().evaluate(isDrawn)).toBe(true);
    await shot('life-1-offer');
  });

  it('is proven, explained and taken in three presses, the size from the member’s own risk', SLOW, async () => {
    await offer().getByRole('button', { name: 'Verify' }).click();
    await page
      .getByText(/same plan|equal|unchanged/i)
      .first()
      .waitFor();
    await offer().getByRole('button', { name: 'Why?' }).click();
    await page.getByText('Only you can see this').first().waitFor();
    await offer().getByRole('button', { name: 'Take it' }).click();
    const form = page.getByRole('dialog');
    await form.waitFor();
    expect(Number(await form.getByRole('textbox').first().inputValue())).toBeGreaterThan(0);
    await shot('life-2-take');
    await form.getByRole('button', { name: 'Submit' }).click();
    await page.getByText(new RegExp(`Taken:.*${SYMBOL}`)).waitFor();
    await shot('life-3-taken');
  });

  it('is not taken twice', async () => {
    await offer().getByRole('button', { name: 'Take it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Submit' }).click();
    await page
      .getByText(/already/i)
      .first()
      .waitFor();
  });

  it('triggers, reaches T1 and ends at break-even: told in this order, once each, in its thread', SLOW, async () => {
    await house.runTo(atNewYork(ON, '11:40'));
    await page
      .getByRole('navigation', { name: 'Channels' })
      .getByRole('link', { name: new RegExp(SYMBOL) })
      .click();
    await page
      .getByText(/Stopped|result/)
      .first()
      .waitFor();
    // the plan itself had triggered in the minute in which it was taken; a member's trade counts from the next one
    const told = await page.getByRole('article').filter({ hasText: '@Peter' }).allTextContents();
    const kinds = told.flatMap((text) => /Triggered|T1 hit|Stopped/.exec(text) ?? []).map(String);
    expect(kinds).toEqual(['Triggered', 'T1 hit', 'Stopped']);
    await shot('life-4-thread');
  });

  it('shows its end on the head card, which takes nobody any more', SLOW, async () => {
    await room('plans');
    await expect.poll(() => offer().textContent(), { timeout: 30_000 }).toMatch(/Ended: .*stopped/i);
    await expect(offer().getByRole('button', { name: 'Take it' }).isDisabled()).resolves.toBe(true);
    await offer().getByRole('img').first().scrollIntoViewIfNeeded();
    await expect.poll(() => offer().getByRole('img').first().evaluate(isDrawn)).toBe(true);
    await shot('life-5-head');
  });

  it('is the same in /trade, with its steps and its result in R', SLOW, async () => {
    await room('coach');
    await type('/trade list', SYMBOL);
    await shot('life-6-trades');
  });

  it.each([
    ['what’s moving and how is breadth?', /advance/],
    ['why this plan?', /confidence/i],
    ['how did my trade go?', new RegExp(`${SYMBOL} short is over`)],
  ])('is talked about with the coach, every number with its source: %s', SLOW, async (question, answer) => {
    await room('coach');
    await type('/coach', undefined);
    const form = page.getByRole('dialog');
    await form.getByRole('textbox').fill(question);
    await form.getByRole('button', { name: 'Submit' }).click();
    await page
      .getByRole('navigation', { name: 'Channels' })
      .getByRole('link', { name: question.slice(0, 12) })
      .click();
    await page.getByText(answer).first().waitFor();
    await page
      .getByRole('button', { name: /^Sources/ })
      .first()
      .click();
    await page
      .getByText(/Sources \(\d+\)/)
      .last()
      .waitFor();
    await shot(`life-7-${question.replace(/\W+/g, '-')}`);
  });
});

const offer = (): Locator =>
  page
    .getByRole('article')
    .filter({ hasText: `${SYMBOL} short` })
    .first();

const isDrawn = (image: unknown): boolean => {
  const { complete, naturalWidth } = image as { complete: boolean; naturalWidth: number };
  return complete && naturalWidth > 0;
};

async function room(name: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Channels' })
    .getByRole('link', { name: new RegExp(`^${name}`) })
    .first()
    .click();
  await page.getByRole('combobox', { name: `Message #${name}` }).waitFor();
}

/** Types a line in #coach as a person would and waits for the card that holds `expected`, or for a form. */
async function type(line: string, expected: string | undefined): Promise<void> {
  const box = page.getByRole('combobox', { name: 'Message #coach' });
  await box.fill(line);
  await box.press('Enter');
  if (expected === undefined) await page.getByRole('dialog').waitFor();
  else await page.getByRole('article').last().getByText(expected).first().waitFor();
}

async function shot(name: string): Promise<void> {
  await page.screenshot({ path: `${SHOTS}/${name}.png` });
}
