import { once } from 'node:events';
import { Events } from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, setStage } from './stage.ts';

describe('an unmodified discord.js on the embedded Discord', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage({ extraChannels: ['earnings'] });
  });
  afterAll(() => stage.stop());

  it('logs in as the bot and finds its guild, channels and roles', () => {
    const { client, discord } = stage;
    expect(client.user.id).toBe(discord.botId);
    const guild = client.guilds.cache.get(discord.guildId);
    expect(guild?.channels.cache.map((channel) => channel.name)).toEqual([
      'welcome',
      'market',
      'alerts',
      'plans',
      'coach',
      'ops',
      'earnings',
    ]);
    expect(guild?.roles.cache.get(discord.roles.pro)?.name).toBe('Pro');
    expect(guild?.members.me?.id).toBe(discord.botId);
  });

  it('registers commands and answers one', async () => {
    const { client, discord } = stage;
    await client.application.commands.set(
      [
        {
          name: 'price',
          description: 'Latest price',
          options: [{ type: 3, name: 'symbol', description: 'Ticker', required: true }],
        },
      ],
      discord.guildId,
    );
    const next = stage.nextCommand();
    const said = stage.hear(discord.users.owner, 'message');
    discord.person.slash({
      as: discord.users.owner,
      channelId: discord.channels.market,
      nonce: '1',
      command: 'price',
      options: [{ name: 'symbol', value: 'GOOG' }],
    });
    const interaction = await next;
    expect(interaction.options.getString('symbol')).toBe('GOOG');
    await interaction.deferReply();
    expect((await said).message.flags).toBe(128);
    const edited = stage.hear(discord.users.owner, 'message_update');
    await interaction.editReply({ content: 'GOOG 750.12' });
    expect((await edited).message.content).toBe('GOOG 750.12');
  });

  it('hears what people write', async () => {
    const { client, discord } = stage;
    const heard = once(client, Events.MessageCreate);
    discord.person.say({ as: discord.users.free, channelId: discord.channels.coach, content: 'hello' });
    const [message] = await heard;
    expect(message.content).toBe('hello');
  });
});
