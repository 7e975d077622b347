import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { launchChromium } from './chromium.ts';
import { type FakeServer, startFakeServer } from './fake-server.ts';

/** One open page and its server, fresh for each test. */
export interface Walk {
  readonly page: Page;
  readonly server: FakeServer;
  readonly nav: Locator;
  box(name: string): Locator;
  /** Body of the newest request to `path`. */
  heard(path: string): object | undefined;
  /** A fault that this test brings about itself. */
  tolerate(fault: RegExp): void;
}

/** Opens the page before each test; a request that leaves the machine or an error in the page fails the test. */
export function walkEach(): () => Walk {
  let browser: Browser | undefined;
  let context: BrowserContext | undefined;
  let walk: Walk | undefined;
  let outside: string[] = [];
  let faults: string[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(async () => {
    const server = await startFakeServer();
    context = await browser?.newContext({ viewport: { width: 1280, height: 800 }, timezoneId: 'America/New_York' });
    const page = await context?.newPage();
    if (!page) throw new Error('the browser did not start');
    let expected: RegExp | undefined;
    outside = [];
    faults = [];
    page.setDefaultTimeout(8_000);
    page.on('request', (request) => request.url().startsWith(server.url) || outside.push(request.url()));
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (line) => line.type() === 'error' && !expected?.test(line.text()) && faults.push(line.text()));
    walk = {
      page,
      server,
      nav: page.getByRole('navigation', { name: 'Channels' }),
      box: (name) => page.getByRole('combobox', { name }),
      heard: (path) => server.heard.findLast((one) => one.path === path)?.body,
      tolerate: (fault) => {
        expected = fault;
      },
    };
    await page.goto(server.url);
    await page.getByText('The morning in one picture').waitFor();
  });
  afterEach(async () => {
    await context?.close();
    await walk?.server.stop();
    expect({ outside, faults }).toEqual({ outside: [], faults: [] });
  });

  return () => {
    if (!walk) throw new Error('no page is open');
    return walk;
  };
}
