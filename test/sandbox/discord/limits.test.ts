import { afterEach, describe, expect, it } from 'vitest';
import { createRateLimits } from '../../../src/sandbox/discord/rate-limits.ts';
import { type Stage, setStage, TOKEN } from './stage.ts';

let stage: Stage | undefined;
afterEach(async () => {
  await stage?.stop();
  stage = undefined;
});

describe('real rate limits', () => {
  it('make discord.js wait by itself: seven sends take five seconds and no 429', async () => {
    stage = await setStage({ rateLimits: 'real' });
    const channel = await stage.client.channels.fetch(stage.discord.channels.alerts);
    if (!channel?.isSendable()) throw new Error('no text channel');
    const from = Date.now();
    for (let n = 0; n < 7; n += 1) await channel.send(String(n));
    const tookMs = Date.now() - from;
    expect(tookMs).toBeGreaterThan(4500);
    expect(tookMs).toBeLessThan(9000);
    expect(stage.discord.requests.filter((one) => one.status === 429)).toEqual([]);
  });

  it('refuse the sixth message of a client that does not wait, and say when to come back', async () => {
    stage = await setStage({ rateLimits: 'real' });
    const { apiUrl, channels } = stage.discord;
    const send = (channelId: string) =>
      fetch(`${apiUrl}/v10/channels/${channelId}/messages`, {
        method: 'POST',
        headers: { authorization: `Bot ${TOKEN}`, 'content-type': 'application/json' },
        body: '{"content":"x"}',
      });
    const answers = [];
    for (let n = 0; n < 6; n += 1) answers.push(await send(channels.alerts));
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers.map((one) => one.headers.get('x-ratelimit-remaining'))).toEqual(['4', '3', '2', '1', '0', '0']);
    const last = answers.at(-1);
    expect(last?.headers.get('x-ratelimit-scope')).toBe('user');
    const body = (await last?.json()) as { retry_after: number; global: boolean };
    expect(body.global).toBe(false);
    expect(body.retry_after).toBeGreaterThan(3);
    expect((await send(channels.ops)).status).toBe(200);
  });
});

describe('the counting of requests', () => {
  const at = { now: 1_000_000 };
  const limits = (mode: 'real' | 'wide' = 'real') => createRateLimits(mode, () => at.now);
  const route = 'GET /channels/:channel';

  it('lets 50 a second through over all and tells that the limit is global', () => {
    const real = limits();
    const taken = Array.from({ length: 51 }, (_, n) => real.take(route, String(n)));
    expect(taken.filter((one) => one.refused)).toHaveLength(1);
    expect(taken.at(-1)?.headers['x-ratelimit-global']).toBe('true');
    at.now += 1000;
    expect(real.take(route, '1').refused).toBeUndefined();
  });

  it('opens a bucket again when its window ends, not before', () => {
    const real = limits();
    const send = 'POST /channels/:channel/messages';
    for (let n = 0; n < 5; n += 1) expect(real.take(send, 'a').refused).toBeUndefined();
    at.now += 4999;
    expect(real.take(send, 'a').refused?.retry_after).toBeCloseTo(0.001);
    at.now += 1;
    expect(real.take(send, 'a').refused).toBeUndefined();
  });

  it('bans an address after 10,000 invalid requests in ten minutes, without bucket headers', () => {
    const real = limits('wide');
    for (let n = 0; n < 10_000; n += 1) real.invalid();
    expect(real.banned()).toBeUndefined();
    real.invalid();
    expect(real.banned()?.headers).toEqual({ 'retry-after': '3600' });
    at.now += 3_600_000;
    expect(real.banned()).toBeUndefined();
  });

  it('forgives invalid requests after ten minutes', () => {
    const real = limits('wide');
    for (let n = 0; n < 10_000; n += 1) real.invalid();
    at.now += 600_001;
    real.invalid();
    expect(real.banned()).toBeUndefined();
  });
});
