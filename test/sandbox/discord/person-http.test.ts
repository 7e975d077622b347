import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MarketClockState, PersonFault } from '../../../src/sandbox/discord/person-api.ts';
import { type DiscordSandbox, startDiscord } from '../../../src/sandbox/discord/server.ts';
import type { FaultMenu } from '../../../src/sandbox/fault-menu.ts';
import type { MarketControl } from '../../../src/sandbox/market-control.ts';
import { TOKEN } from './stage.ts';

const turned: string[] = [];
const state: MarketClockState = {
  marketAt: 1,
  wallAt: 2,
  speed: 60,
  paused: false,
  phase: 'regular',
  sessionOn: '2015-12-23',
};
const heardBy = new Set<(state: MarketClockState) => void>();
const control: MarketControl = {
  now: () => 1,
  at: () => () => {},
  state: () => state,
  setSpeed: (speed) => turned.push(`speed ${speed}`),
  pause: () => turned.push('pause'),
  resume: () => turned.push('resume'),
  jumpTo: (target) => turned.push(target),
  onChange(fn) {
    heardBy.add(fn);
    return () => heardBy.delete(fn);
  },
  stop: () => {},
};

const pulled: string[] = [];
const heardFaults = new Set<(faults: readonly PersonFault[]) => void>();
const fault: PersonFault = {
  key: 'rest_slow',
  label: 'Requests slow',
  hint: 'Each answer takes 3 seconds longer',
  group: 'market',
  kind: 'switch',
  on: false,
};
const faultMenu: FaultMenu = {
  list: () => [fault],
  set: (key, on) => pulled.push(`${key} ${on}`),
  onChange(fn) {
    heardFaults.add(fn);
    return () => heardFaults.delete(fn);
  },
};

let discord: DiscordSandbox;
beforeAll(async () => {
  const pageFiles = async (path: string) =>
    path === '/'
      ? {
          type: 'text/html',
          body: Buffer.from('<h1>page</h1>'),
          headers: { 'content-security-policy': "default-src 'none'" },
        }
      : undefined;
  discord = await startDiscord({
    port: 0,
    host: '127.0.0.1',
    token: TOKEN,
    control,
    pageFiles,
    faultMenu: () => faultMenu,
  });
});
afterAll(() => discord.stop());

const ask = (path: string, body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  fetch(`${discord.url}${path}`, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
const error = async (answer: Response): Promise<[number, string]> => [
  answer.status,
  ((await answer.json()) as { error: string }).error,
];

describe('the page’s server', () => {
  it('serves the page at / and says so where there is none', async () => {
    const page = await fetch(`${discord.url}/`);
    expect([page.headers.get('content-type'), await page.text()]).toEqual(['text/html', '<h1>page</h1>']);
    expect(page.headers.get('content-security-policy')).toBe("default-src 'none'");
    expect(page.headers.get('x-frame-options')).toBe('DENY');
    expect((await fetch(`${discord.url}/nothing.js`)).status).toBe(404);
  });

  it('tells the state to each person, and to the owner when nobody is named', async () => {
    const answer = (await (await fetch(`${discord.url}/sandbox/state`)).json()) as {
      users: { role: string }[];
      market: object;
      faults: object[];
      channels: { name: string }[];
    };
    expect(answer.users.map((one) => one.role)).toEqual(['owner', 'pro', 'free']);
    expect(answer.market).toEqual(state);
    expect(answer.faults).toEqual([fault]);
    expect(answer.channels[0]?.name).toBe('welcome');
    expect((await fetch(`${discord.url}/sandbox/state?as=1`)).status).toBe(401);
  });

  it('takes a message and streams it to everyone who listens', async () => {
    const gone = new AbortController();
    const stream = await fetch(`${discord.url}/sandbox/events?as=${discord.users.free}`, { signal: gone.signal });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const said = await ask('/sandbox/say', {
      as: discord.users.pro,
      channelId: discord.channels.coach,
      content: 'hello',
    });
    expect(said.status).toBe(200);
    let text = '';
    while (!text.includes('hello')) text += (await reader?.read())?.value ?? '';
    expect(text).toMatch(/event: message\ndata: \{"type":"message"/);
    for (const fn of heardBy) fn({ ...state, paused: true });
    while (!text.includes('event: market')) text += (await reader?.read())?.value ?? '';
    for (const fn of heardFaults) fn([{ ...fault, on: true }]);
    while (!text.includes('event: faults')) text += (await reader?.read())?.value ?? '';
    gone.abort();
  });

  it('turns the market’s clock', async () => {
    await ask('/sandbox/market', { action: 'speed', speed: 600 });
    await ask('/sandbox/market', { action: 'next_open' });
    expect(turned).toEqual(['speed 600', 'next_open']);
    expect(await error(await ask('/sandbox/market', { action: 'speed', speed: 601 }))).toEqual([
      400,
      'speed: Too big: expected number to be <=600.',
    ]);
  });

  it('breaks what the menu names', async () => {
    expect((await ask('/sandbox/fault', { key: 'rest_slow', on: true })).status).toBe(200);
    expect(pulled).toEqual(['rest_slow true']);
    expect(await error(await ask('/sandbox/fault', { key: 'rest_slow' }))).toEqual([
      400,
      expect.stringContaining('on: '),
    ]);
  });

  it.each([
    ['not JSON by type', '{}', { 'content-type': 'text/plain' }, 400, /need application\/json/],
    ['not JSON by content', '{', { 'content-type': 'application/json' }, 400, /not JSON/],
    ['without a channel', { as: '1', content: 'x' }, undefined, 400, /channelId/],
    ['of nobody', { as: '1', channelId: '1', content: 'x' }, undefined, 404, /no such channel/],
  ])('refuses a message that is %s', async (_name, body, headers, status, sentence) => {
    const [code, text] = await error(await ask('/sandbox/say', body, headers));
    expect([code, sentence.test(text)]).toEqual([status, true]);
  });

  it.each([
    ['blank', '   ', /empty/],
    ['too long', 'x'.repeat(2001), /2001 characters/],
  ])('refuses a message that is %s', async (_name, content, sentence) => {
    const [code, text] = await error(
      await ask('/sandbox/say', { as: discord.users.pro, channelId: discord.channels.coach, content }),
    );
    expect([code, sentence.test(text)]).toEqual([400, true]);
  });
});

describe('a web page of elsewhere', () => {
  const status = (headers: Record<string, string>, path = '/sandbox/state'): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const call = request(`${discord.url}${path}`, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.on('error', reject);
      call.end();
    });
  const port = () => new URL(discord.url).port;

  it.each([
    ['a foreign host name', () => ({ host: 'evil.example' }), 403],
    ['a host that only begins like ours', () => ({ host: '127.0.0.1.evil.example' }), 403],
    ['a foreign origin', () => ({ origin: 'https://evil.example' }), 403],
    ['a null origin', () => ({ origin: 'null' }), 403],
    ['our own origin', () => ({ origin: `http://127.0.0.1:${port()}` }), 200],
    ['localhost', () => ({ host: `localhost:${port()}` }), 200],
  ])('with %s gets its due', async (_name, headers, expected) => {
    expect(await status(headers())).toBe(expected);
  });

  it('does not reach the bot’s API either', async () => {
    expect(await status({ host: 'evil.example' }, '/api/v10/gateway')).toBe(403);
  });
});

describe('a port in use', () => {
  it('is refused with the variable that helps', async () => {
    const port = Number(new URL(discord.url).port);
    await expect(startDiscord({ port, host: '127.0.0.1', token: TOKEN })).rejects.toThrow(
      /already in use.*SANDBOX_PORT/,
    );
  });
});

describe('the bot’s API to strangers', () => {
  it('answers in Discord’s words to a request of over 25 MB', async () => {
    const answer = await fetch(`${discord.apiUrl}/v10/channels/${discord.channels.ops}/messages`, {
      method: 'POST',
      headers: { authorization: `Bot ${TOKEN}`, 'content-type': 'application/json' },
      body: Buffer.alloc(26 * 1024 * 1024),
    });
    expect([answer.status, await answer.json()]).toMatchObject([413, { code: 40005 }]);
  });

  it('answers 401 without the token and 404 where there is no route', async () => {
    expect((await fetch(`${discord.apiUrl}/v10/users/@me`)).status).toBe(401);
    expect((await fetch(`${discord.apiUrl}/v10/nothing`)).status).toBe(404);
    const unreadable = await fetch(`${discord.apiUrl}/v10/channels/${discord.channels.ops}/messages`, {
      method: 'POST',
      headers: { authorization: `Bot ${TOKEN}`, 'content-type': 'application/json' },
      body: '{"content":',
    });
    expect(await unreadable.json()).toMatchObject({ code: 50109 });
  });
});
