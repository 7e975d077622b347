import type { APIMessage } from 'discord-api-types/v10';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { type BotStage, setBotStage } from './stage.ts';

const card = (title: string, layout: Card['layout'] = 'embed'): Card => ({
  layout,
  tone: 'up',
  title,
  blocks: [{ kind: 'text', text: 'text' }],
  tag: title,
});

describe('threads', () => {
  let stage: BotStage;
  beforeAll(async () => {
    stage = await setBotStage();
    await stage.bot.start();
  });
  afterAll(() => stage.stop());

  const threadCalls = (): number =>
    stage.discord.requests.filter(({ route, status }) => /^POST .*\/threads$/.test(route) && status < 300).length;
  const channelsOf = (as: string) => stage.discord.person.state(as).channels;

  it('grow out of a message once, however often they are started, and take posts and edits', async () => {
    const { plans } = stage.discord.channels;
    const { free } = stage.discord.users;
    const { messageId } = await stage.bot.post(plans, card('head'), { nonce: 't-1' });
    const first = await stage.bot.startThread(plans, messageId, 'AAPL long · opening-range breakout · 7f3a9c');
    const again = await stage.bot.startThread(plans, messageId, 'AAPL long · opening-range breakout · 7f3a9c');
    expect([first, again]).toEqual([{ threadId: messageId }, { threadId: messageId }]);
    const step = await stage.bot.post(first.threadId, card('step'), { nonce: 't-2' });
    await stage.bot.edit(first.threadId, step.messageId, card('step, edited'));
    expect(await stage.bot.find(first.threadId, 'step, edited')).toBe(step.messageId);
    const seen = stage.discord.person.messages(free, first.threadId);
    expect(seen.map((message) => message.embeds[0]?.title)).toEqual(['step, edited']);
  });

  it.each([
    ['Discord lists who is in it', false],
    ['Discord lists nobody to a bot without the Server Members intent', true],
  ])(
    'that are private are known to be shared as soon as a second member is in one, when %s',
    async (_when, isRefused) => {
      const { discord, bot } = stage;
      const { pro, free } = discord.users;
      const { threadId } = await bot.openPrivateThread(discord.channels.coach, 'Question', pro);
      const isOnlyWith = (memberId: string): Promise<boolean> => {
        if (isRefused) discord.faults.failNext(/^GET \/channels\/:channel\/thread-members$/, 403);
        return bot.isOnlyWith(threadId, memberId);
      };
      expect(await isOnlyWith(pro)).toBe(true);
      expect(await isOnlyWith(free).catch(() => false)).toBe(false);
      await fetch(`${discord.apiUrl}/v10/channels/${threadId}/thread-members/${free}`, {
        method: 'PUT',
        headers: { authorization: 'Bot sandbox.discord.token-for-tests' },
      });
      expect(await isOnlyWith(pro)).toBe(false);
      expect(await isOnlyWith(free)).toBe(false);
    },
  );

  it('are one although the answer to the start was lost', async () => {
    const { plans } = stage.discord.channels;
    const { messageId } = await stage.bot.post(plans, card('head 2'), { nonce: 't-3' });
    stage.discord.faults.failNext(/^POST .*\/threads$/, 502, { after: 'accepted' });
    const { threadId } = await stage.bot.startThread(plans, messageId, 'x'.repeat(200));
    expect(channelsOf(stage.discord.users.free).find(({ id }) => id === threadId)?.name).toHaveLength(100);
  });

  it('are not started under a message that was deleted, and the channel is not blamed for it', async () => {
    const { plans } = stage.discord.channels;
    const { messageId } = await stage.bot.post(plans, card('head 3'), { nonce: 't-4' });
    await stage.bot.remove(plans, messageId);
    await expect(stage.bot.startThread(plans, messageId, 'gone')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('of one member are seen by that member alone, and found again instead of opened twice', async () => {
    const { plans } = stage.discord.channels;
    const { pro, free } = stage.discord.users;
    const before = threadCalls();
    const { threadId } = await stage.bot.openPrivateThread(plans, 'AAPL long 7f3a9c', pro);
    const again = await stage.bot.openPrivateThread(plans, 'AAPL long 7f3a9c', pro, { mayExist: true });
    const other = await stage.bot.openPrivateThread(plans, 'AAPL long 000000', pro, { mayExist: true });
    expect(again.threadId).toBe(threadId);
    expect(other.threadId).not.toBe(threadId);
    expect(threadCalls() - before).toBe(2);
    expect(channelsOf(pro).map(({ id }) => id)).toContain(threadId);
    expect(channelsOf(free).map(({ id }) => id)).not.toContain(threadId);
  });

  it('of one member are opened once when Discord took the call and lost the answer', async () => {
    const { plans } = stage.discord.channels;
    const { pro } = stage.discord.users;
    const before = threadCalls();
    stage.discord.faults.failNext(/^POST .*\/threads$/, 'reset', { after: 'accepted' });
    await expect(stage.bot.openPrivateThread(plans, 'lost', pro)).rejects.toMatchObject({ code: 'unavailable' });
    await stage.bot.openPrivateThread(plans, 'lost', pro, { mayExist: true });
    expect(channelsOf(pro).filter(({ name }) => name === 'lost')).toHaveLength(1);
    expect(threadCalls() - before).toBeLessThanOrEqual(1);
  });

  it('of a member who left say so', async () => {
    const { plans } = stage.discord.channels;
    await expect(stage.bot.openPrivateThread(plans, 'nobody', '100000000000000001')).rejects.toMatchObject({
      code: 'conflict',
      message: 'There is no member 100000000000000001 in this server any more.',
    });
  });
});

describe('a ping', () => {
  let stage: BotStage;
  beforeAll(async () => {
    stage = await setBotStage();
    await stage.bot.start();
  });
  afterAll(() => stage.stop());

  const last = (): APIMessage | undefined =>
    stage.discord.person.messages(stage.discord.users.pro, stage.discord.channels.alerts).at(-1);

  it.each(['embed', 'container'] as const)(
    'stands above the %s card and reaches only those it names',
    async (layout) => {
      const { alerts } = stage.discord.channels;
      const { pro, free } = stage.discord.users;
      const mentions = [pro, free, pro];
      const { messageId } = await stage.bot.post(alerts, card(`ping ${layout}`, layout), { nonce: layout, mentions });
      expect(
        last()
          ?.mentions.map(({ id }) => id)
          .sort(),
      ).toEqual([pro, free].sort());
      const line = layout === 'embed' ? last()?.content : last()?.components?.[0];
      expect(JSON.stringify(line)).toContain(`<@${pro}> <@${free}>`);
      expect(await stage.bot.find(alerts, `ping ${layout}`)).toBe(messageId);
    },
  );

  it('is on no card that names nobody', async () => {
    const { alerts } = stage.discord.channels;
    await stage.bot.post(alerts, card('<@1> @everyone'), { nonce: 'none' });
    expect([last()?.content, last()?.mentions, last()?.mention_everyone]).toEqual(['', [], false]);
  });

  it('of hundreds at once fits into Discord’s limits', async () => {
    const { alerts } = stage.discord.channels;
    const mentions = Array.from({ length: 300 }, (_, n) => `${10n ** 18n + BigInt(n)}`);
    await stage.bot.post(alerts, card('many'), { nonce: 'many', mentions });
    const sent = stage.discord.requests.at(-1)?.body as { content: string; allowed_mentions: { users: string[] } };
    expect(sent.content.length).toBeLessThanOrEqual(2000);
    expect(sent.allowed_mentions.users).toHaveLength(80);
  });

  it('in a direct message reaches the owner', async () => {
    const { owner } = stage.discord.users;
    const { channelId } = await stage.bot.openDirect(owner);
    await stage.bot.post(channelId, card('ops is lost'), { nonce: 'dm' });
    expect(stage.discord.person.messages(owner, channelId).map(({ embeds }) => embeds[0]?.title)).toEqual([
      'ops is lost',
    ]);
  });
});
