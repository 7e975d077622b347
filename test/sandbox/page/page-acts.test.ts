import { describe, expect, test } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { GENERAL, PEOPLE } from './fake-world.ts';
import { walkEach } from './walk.ts';

const OWNER = PEOPLE[0].id;

describe.skipIf(!chromiumPath)('acting on the page', () => {
  const walk = walkEach();

  test('takes a slash command by keyboard alone, with suggestions', async () => {
    const { page, server, box, heard } = walk();
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
    // at once, before the list for these letters is there
    await page.keyboard.press('Enter');
    await expect.poll(() => symbol.inputValue()).toBe('GOOG · Alphabet');
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
    const { page, box, heard } = walk();
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
    const { page, box, heard } = walk();
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
    const { page, box } = walk();
    await box('Message #general').fill('/silent');
    await page.keyboard.press('Enter');
    await page.getByText('/silent: the application did not respond').waitFor();
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(await page.getByText('did not respond').count()).toBe(0);
  });

  test('a press waits, answers privately, and the answer can be dismissed', async () => {
    const { page, server, nav } = walk();
    await nav.getByRole('link', { name: 'plans' }).click();
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
    const { page, box, heard } = walk();
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
    const { page, box, heard } = walk();
    await box('Pick up to two').click();
    for (const name of ['SPY', 'IWM', 'QQQ']) await page.getByRole('option', { name }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => heard('/sandbox/select')).toMatchObject({ customId: 'many', values: ['SPY', 'IWM'] });
  });

  test('a modal holds the focus, checks what is required and sends every field', async () => {
    const { page, box, heard } = walk();
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
});
