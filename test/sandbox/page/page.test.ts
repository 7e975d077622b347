import { describe, expect, test } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { BOT, GENERAL, PEOPLE, PLANS, THREAD, wireMessage } from './fake-world.ts';
import { walkEach } from './walk.ts';

const OWNER = PEOPLE[0].id;

/** Runs in the page: visible texts whose colour is too close to the nearest painted background. */
function contrastFaults(): string[] {
  const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = ([r = 0, g = 0, b = 0]: number[]): number => {
    const [x = 0, y = 0, z = 0] = [r, g, b].map((one) =>
      one / 255 <= 0.03928 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const over = (top: number[], under: number[]): number[] => {
    const alpha = top[3] ?? 1;
    return [0, 1, 2].map((at) => (top[at] ?? 0) * alpha + (under[at] ?? 0) * (1 - alpha));
  };
  const behind = (element: Element | null): number[] =>
    element ? over(channels(getComputedStyle(element).backgroundColor), behind(element.parentElement)) : [0, 0, 0];
  const faults: string[] = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
    if (
      !own ||
      !element.checkVisibility({ visibilityProperty: true }) ||
      element.closest(':disabled, .spoiler, .unseen, .skip, .avatar')
    )
      continue;
    const back = behind(element);
    const front = over(channels(getComputedStyle(element).color), back);
    const [dark = 0, bright = 0] = [light(back), light(front)].sort((a, b) => a - b);
    const ratio = (bright + 0.05) / (dark + 0.05);
    if (ratio < 4.5) faults.push(`${ratio.toFixed(2)} ${element.className} "${element.textContent?.slice(0, 30)}"`);
  }
  return faults;
}

describe.skipIf(!chromiumPath)('reading the page', () => {
  const walk = walkEach();

  test('reads a channel: who, what, when, in reply to what', async () => {
    const { page } = walk();
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
    const { page, heard } = walk();
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

  test('a thread opens from its message, marks what is unread and leads back', async () => {
    const { page, server, nav } = walk();
    server.post(
      wireMessage(THREAD, BOT.id, { content: 'Stopped on the rest', mentions: [{ id: OWNER, username: 'olivia' }] }),
    );
    await nav.getByRole('link', { name: 'AAPL long 7f3a9c 1 unread' }).waitFor();
    await nav.getByRole('link', { name: 'plans' }).click();
    await page.getByRole('link', { name: /AAPL long 7f3a9c 2 messages/ }).click();
    await page.getByText('T1 hit').waitFor();
    expect(page.url()).toBe(`${server.url}#${THREAD}`);
    expect(await nav.getByText('unread').count()).toBe(0);
    await page.getByRole('main').getByRole('link', { name: 'plans', exact: true }).click();
    expect(page.url()).toBe(`${server.url}#${PLANS}`);
  });

  test('an answer that grows keeps the place of who reads elsewhere', async () => {
    const { page, server } = walk();
    const growing = wireMessage(GENERAL, BOT.id, { content: 'streaming' });
    server.post(growing);
    server.post(wireMessage(GENERAL, BOT.id, { content: `the place\n${'line\n'.repeat(60)}` }));
    const place = page.getByText('the place').first();
    await place.waitFor();
    await page.locator('#scroller').evaluate((element) => element.scrollBy(0, -200));
    const top = (): Promise<number> => place.evaluate((element) => element.getBoundingClientRect().top);
    await expect.poll(top).toBeLessThan(0);
    const before = await top();
    for (let edits = 1; edits <= 5; edits += 1) server.edit({ ...growing, content: 'line\n'.repeat(edits * 8) });
    server.post(wireMessage(GENERAL, BOT.id, { content: 'and another' }));
    const jump = page.getByRole('button', { name: 'New messages below' });
    await jump.waitFor();
    expect(Math.abs((await top()) - before)).toBeLessThan(2);
    await jump.click();
    const lastBottom = (): Promise<boolean> =>
      page
        .getByRole('article')
        .last()
        .evaluate((element) => element.getBoundingClientRect().bottom <= window.innerHeight);
    await expect.poll(lastBottom).toBe(true);
  });

  test('a cut stream is told and made good', async () => {
    const { page, server, tolerate } = walk();
    tolerate(/net::ERR_/);
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
    const { page, box, heard } = walk();
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
    const { page, nav, heard } = walk();
    await page.setViewportSize({ width: 390, height: 844 });
    const width = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBe(390);
    await nav.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Channels' }).click();
    await nav.getByRole('link', { name: 'plans' }).click();
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

  test('typing anywhere lands in the message box, and a put-away message stays away after a reload', async () => {
    const { page, server, box } = walk();
    server.post(wireMessage(GENERAL, BOT.id, { flags: 64, content: 'for you' }));
    await page.getByRole('button', { name: 'Dismiss message' }).click();
    await page.getByText('for you').waitFor({ state: 'detached' });
    await page.keyboard.type('hi');
    expect(await box('Message #general').inputValue()).toBe('hi');
    await page.reload();
    await page.getByText('The morning in one picture').waitFor();
    expect(await page.getByText('for you').count()).toBe(0);
  });

  test('every text stands out from what lies behind it by 4.5 to 1', async () => {
    const { page } = walk();
    const faint = await page.evaluate(contrastFaults);
    expect(faint).toEqual([]);
  });
});
