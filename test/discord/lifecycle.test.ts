import { afterEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../src/kit/errors.ts';
import type { PersonEvent } from '../../src/sandbox/discord/person-api.ts';
import { type BotStage, isEphemeral, setBotStage } from './stage.ts';

type Online = Extract<PersonEvent, { type: 'bot' }>;

describe('a bot and its connection', () => {
  let stage: BotStage | undefined;
  afterEach(async () => {
    await stage?.stop();
    stage = undefined;
  });

  const price = (
    held: BotStage,
    symbol: string,
  ): Promise<{ embeds: readonly { title?: string }[]; flags?: number }> => {
    const { person, users, channels } = held.discord;
    const options = [{ name: 'symbol', value: symbol }];
    return held.answer(users.pro, () =>
      person.slash({ as: users.pro, channelId: channels.market, nonce: 'n', command: 'price', options }),
    );
  };

  it('with a wrong token ends in one sentence that names the variable', async () => {
    stage = await setBotStage({ bot: { token: 'wrong.token.value' } });
    await expect(stage.bot.start()).rejects.toMatchObject({
      code: 'unauthenticated',
      message: expect.stringMatching(/^Discord refused the bot token\. .*DISCORD_TOKEN/),
    });
  });

  it('with a refused intent ends in one sentence that says where to switch it on', async () => {
    stage = await setBotStage({ discord: { refusedIntents: 1 << 9 } });
    await expect(stage.bot.start()).rejects.toThrow(/refused an intent .*Privileged Gateway Intents/);
  });

  it('without a Discord to reach ends in one sentence', async () => {
    stage = await setBotStage({ bot: { restApiUrl: 'http://127.0.0.1:9/api' } });
    await expect(stage.bot.start()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('Discord could not be reached'),
    });
  });

  it('gives up waiting for a Discord that never gets ready', async () => {
    stage = await setBotStage({ bot: { readyMs: 300 } });
    stage.discord.faults.failNext(/^GET \/gateway\/bot$/, 503, { times: 50 });
    await expect(stage.bot.start()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('comes back after its socket was cut, and answers again', async () => {
    stage = await setBotStage();
    await stage.bot.start();
    const held = stage;
    const online = (event: PersonEvent): event is Online => event.type === 'bot' && event.online;
    await held.hear(held.discord.users.pro, () => held.discord.faults.killSockets(), online);
    expect((await price(held, 'AAPL')).embeds[0]?.title).toBe('AAPL 94.10');
    await held.hear(held.discord.users.pro, () => held.discord.faults.reconnect(), online);
    expect((await price(held, 'KO')).embeds[0]?.title).toBe('KO 94.10');
  });

  it('tells once when Discord ends the connection for good', async () => {
    const told = Promise.withResolvers<AppError>();
    stage = await setBotStage({ bot: { onFatal: told.resolve } });
    await stage.bot.start();
    stage.discord.faults.closeSockets(4004);
    expect((await told.promise).message).toMatch(/refused the bot token.*4004/);
  });

  it('acknowledges again when Discord lost the first acknowledgement', async () => {
    stage = await setBotStage();
    await stage.bot.start();
    stage.discord.faults.failNext(/^POST \/interactions\/.*callback$/, 502, { after: 'accepted' });
    expect((await price(stage, 'AAPL')).embeds[0]?.title).toBe('AAPL 94.10');
    stage.discord.faults.failNext(/^POST \/interactions\/.*callback$/, 503, { after: 'before' });
    expect((await price(stage, 'KO')).embeds[0]?.title).toBe('KO 94.10');
    stage.discord.faults.failNext(/^PATCH \/webhooks\//, 500, { after: 'before' });
    const last = await price(stage, 'MSFT');
    expect([last.embeds[0]?.title, isEphemeral(last as never)]).toEqual(['MSFT 94.10', false]);
  });
});
