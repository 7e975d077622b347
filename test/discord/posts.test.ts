import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { createPosts } from '../../src/discord/posts.ts';
import type { PersonEvent } from '../../src/sandbox/discord/person-api.ts';
import { DECIDED_AT, sampleBars } from '../cards/sample.ts';
import { type BotStage, setBotStage } from './stage.ts';

const alert: Card = {
  layout: 'embed',
  tone: 'up',
  title: 'Market open',
  blocks: [{ kind: 'text', text: 'Regular hours @everyone <@1>' }],
};
const chart: Card = {
  layout: 'container',
  tone: 'down',
  title: 'Chart',
  blocks: [
    {
      kind: 'chart',
      chart: { title: 'AAPL', subtitle: '', bars: sampleBars(10), lines: [], levels: [], bands: [] },
      alt: 'a chart',
    },
  ],
  provenance: { asOf: DECIDED_AT, source: 'Massive', timeliness: 'live' },
};

const unused = { post: async () => ({}), patch: async () => ({}), put: async () => ({}), delete: async () => ({}) };

describe('posting', () => {
  let stage: BotStage;
  beforeAll(async () => {
    stage = await setBotStage();
    await stage.bot.start();
  });
  afterAll(() => stage.stop());

  const titles = (): (string | undefined)[] => {
    const { person, users, channels } = stage.discord;
    return person.messages(users.pro, channels.alerts).map((message) => message.embeds[0]?.title);
  };

  it('twice with one nonce gives one message', async () => {
    const { alerts } = stage.discord.channels;
    const first = await stage.bot.post(alerts, alert, { nonce: 'open-1' });
    const second = await stage.bot.post(alerts, alert, { nonce: 'open-1' });
    expect(second.messageId).toBe(first.messageId);
    expect(titles()).toEqual(['Market open']);
  });

  it('gives one message although Discord failed after it had taken it', async () => {
    const { alerts } = stage.discord.channels;
    stage.discord.faults.failNext(/^POST \/channels\/:channel\/messages$/, 502, { after: 'accepted', times: 2 });
    await stage.bot.post(alerts, { ...alert, title: 'Early close' }, { nonce: 'close-1' });
    stage.discord.faults.failNext(/^POST \/channels\/:channel\/messages$/, 'reset', { after: 'before' });
    await stage.bot.post(alerts, { ...alert, title: 'Close' }, { nonce: 'close-2' });
    expect(titles()).toEqual(['Market open', 'Early close', 'Close']);
  });

  it('mentions nobody but those who are named', async () => {
    const { alerts } = stage.discord.channels;
    const { pro } = stage.discord.users;
    await stage.bot.post(alerts, alert, { nonce: 'm-1' });
    await stage.bot.post(alerts, alert, { nonce: 'm-2', mentions: [pro] });
    const sent = stage.discord.requests.filter(({ route }) => route === 'POST /channels/:channel/messages').slice(-2);
    expect(sent.map(({ body }) => (body as { allowed_mentions: unknown }).allowed_mentions)).toEqual([
      { parse: [], users: [] },
      { parse: [], users: [pro] },
    ]);
  });

  it('edits in place, chart and all', async () => {
    const { market } = stage.discord.channels;
    const { pro } = stage.discord.users;
    const { messageId } = await stage.bot.post(market, chart, { nonce: 'e-1' });
    await stage.hear(
      pro,
      () => stage.bot.edit(market, messageId, { ...chart, title: 'Chart, later' }),
      (event): event is Extract<PersonEvent, { type: 'message_update' }> =>
        event.type === 'message_update' && event.message.id === messageId,
    );
    const [message] = stage.discord.person.messages(pro, market);
    expect(JSON.stringify(message?.components)).toContain('Chart, later');
    expect(stage.discord.person.messages(pro, market)).toHaveLength(1);
  });

  it('finds a message of its own by the last line, as an embed and as a container, and nobody else’s', async () => {
    const { alerts, market } = stage.discord.channels;
    const { pro } = stage.discord.users;
    const tagged = await stage.bot.post(alerts, { ...alert, tag: 'alert 0123abcd' }, { nonce: 'f-1' });
    const boxed = await stage.bot.post(market, { ...chart, tag: 'market board' }, { nonce: 'f-2' });
    await stage.bot.post(alerts, { ...alert, title: 'alert 4567cdef' }, { nonce: 'f-3' });
    stage.discord.person.say({ as: pro, channelId: alerts, content: 'alert 89abcdef' });
    expect(await stage.bot.find(alerts, 'alert 0123abcd')).toBe(tagged.messageId);
    expect(await stage.bot.find(market, 'market board')).toBe(boxed.messageId);
    for (const tag of ['alert 4567cdef', 'alert 89abcdef', 'alert ffffffff'])
      expect(await stage.bot.find(alerts, tag)).toBeUndefined();
    stage.discord.faults.failNext(/^GET \/channels\/:channel\/messages$/, 503, { times: 9 });
    await expect(stage.bot.find(alerts, 'alert 0123abcd')).rejects.toMatchObject({ code: 'unavailable' });
    stage.discord.faults.clear();
  });

  it('finds it under hundreds of messages that members wrote since, and looks no further back than it is told', async () => {
    const { pro } = stage.discord.users;
    const { coach } = stage.discord.channels;
    const before = Date.now() - 60_000;
    const { messageId } = await stage.bot.post(coach, { ...alert, tag: 'alert beef' }, { nonce: 'far-1' });
    for (let n = 0; n < 350; n++) stage.discord.person.say({ as: pro, channelId: coach, content: `${n}` });
    expect(await stage.bot.find(coach, 'alert beef')).toBeUndefined();
    expect(await stage.bot.find(coach, 'alert beef', before)).toBe(messageId);
    const asked = stage.discord.requests.length;
    expect(await stage.bot.find(coach, 'alert dead', Date.now() + 60_000)).toBeUndefined();
    expect(stage.discord.requests.length - asked).toBe(1);
  });

  it('takes no other bot’s message for its own, and of two of its own the newer one', async () => {
    const written = (id: string, author: string) => ({
      id,
      author: { id: author },
      embeds: [{ footer: { text: 'alert 1' } }],
    });
    const posts = createPosts({
      rest: {
        ...unused,
        get: async () => [written('4', 'another bot'), written('3', 'us'), written('2', 'us')],
      },
      clock: { now: () => 0 },
      ownId: () => 'us',
    });
    expect(await posts.find('1', 'alert 1')).toBe('3');
  });

  it('says in one sentence why it cannot', async () => {
    const { alerts } = stage.discord.channels;
    await expect(stage.bot.post('100000000000000001', alert, { nonce: 'x-1' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(stage.bot.edit(alerts, '100000000000000001', alert)).rejects.toMatchObject({ code: 'not_found' });
    await expect(stage.bot.post(alerts, alert, { nonce: 'x'.repeat(26) })).rejects.toThrow(
      'found a nonce of 26 characters',
    );
    stage.discord.faults.failNext(/^POST \/channels\/:channel\/messages$/, 403);
    await expect(stage.bot.post(alerts, alert, { nonce: 'x-2' })).rejects.toThrow(
      /give it View Channel, Send Messages/,
    );
    stage.discord.faults.failNext(/^POST \/channels\/:channel\/messages$/, 503, { times: 9 });
    await expect(stage.bot.post(alerts, alert, { nonce: 'x-3' })).rejects.toMatchObject({ code: 'unavailable' });
    stage.discord.faults.clear();
  });
});
