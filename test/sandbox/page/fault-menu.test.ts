import { describe, expect, test } from 'vitest';
import { chromiumPath } from './chromium.ts';
import { walkEach } from './walk.ts';

describe.skipIf(!chromiumPath)('the faults menu', () => {
  const walk = walkEach();
  const parts = () => {
    const { page } = walk();
    const menu = page.getByRole('menu', { name: 'Faults' });
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.textContent?.split('\n')[0] ?? '');
    return { ...walk(), menu, focused, button: page.getByRole('button', { name: /^Faults/ }) };
  };

  test('opens, moves and breaks by keyboard, counts what is broken, and Escape gives the button back', async () => {
    const { page, menu, focused, button, heard } = parts();
    await button.focus();
    await page.keyboard.press('Enter');
    await menu.waitFor();
    expect(await focused()).toContain('Data stream cut');
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await page.getByRole('menuitemcheckbox', { name: 'Requests slow', checked: true }).waitFor();
    expect(heard('/sandbox/fault')).toEqual({ key: 'rest_slow', on: true });
    expect(await focused()).toContain('Requests slow');
    await page.getByRole('button', { name: 'Faults 1 active' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('Heal everything');
    await page.keyboard.press('k');
    expect(await focused()).toContain('Kill the socket');
    await page.keyboard.press('Escape');
    expect(await menu.isVisible()).toBe(false);
    expect(await focused()).toMatch(/^Faults/);
  });

  test('heals everything that is broken and nothing else', async () => {
    const { page, button, server } = parts();
    await button.click();
    await page.getByRole('menuitemcheckbox', { name: 'Requests slow' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Data stream cut' }).click();
    await page.getByRole('button', { name: 'Faults 2 active' }).waitFor();
    await page.getByRole('menuitem', { name: 'Heal everything' }).click();
    await page.getByRole('button', { name: 'Faults', exact: true }).waitFor();
    expect(server.heard.slice(2).map((one) => one.body)).toEqual([
      { key: 'stream_cut', on: false },
      { key: 'rest_slow', on: false },
    ]);
    await button.click();
    expect(await page.getByRole('menuitem', { name: 'Heal everything' }).getAttribute('aria-disabled')).toBe('true');
  });

  test('closes on a click beside it and after what happens only once', async () => {
    const { page, menu, button, heard } = parts();
    await button.click();
    await page.getByRole('heading', { level: 1 }).click();
    expect(await menu.isVisible()).toBe(false);
    await button.click();
    await page.getByRole('menuitem', { name: 'Kill the socket' }).click();
    expect(await menu.isVisible()).toBe(false);
    expect(heard('/sandbox/fault')).toEqual({ key: 'bot_killed', on: true });
  });

  test('hears of what another window has broken, and is not there where all is live', async () => {
    const { page, button, server } = parts();
    const fault = { key: 'x', label: 'X', hint: 'x', group: 'market', kind: 'switch', on: true };
    server.tell({ type: 'faults', faults: [fault] } as { type: string });
    await page.getByRole('button', { name: 'Faults 1 active' }).waitFor();
    server.tell({ type: 'faults', faults: [] } as { type: string });
    await button.waitFor({ state: 'hidden' });
  });

  test('stands on a phone inside the market controls', async () => {
    const { page, menu, button } = parts();
    await page.setViewportSize({ width: 390, height: 844 });
    await button.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Market controls' }).click();
    await button.click();
    await menu.waitFor();
    const last = page.getByRole('menuitem', { name: 'Heal everything' });
    await last.scrollIntoViewIfNeeded();
    const box = await last.boundingBox();
    expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 999) <= 390 && (box?.y ?? 999) < 844).toBe(true);
  });
});
