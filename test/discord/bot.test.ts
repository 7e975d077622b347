import type { APIMessage } from 'discord-api-types/v10';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PersonEvent } from '../../src/sandbox/discord/person-api.ts';
import { createDiscordValidator } from '../contracts/discord/validator.ts';
import { type BotStage, controlId, isEphemeral, setBotStage } from './stage.ts';

const isModal = (event: PersonEvent): event is Extract<PersonEvent, { type: 'modal' }> => event.type === 'modal';

describe('the bot on the embedded Discord', () => {
  let stage: BotStage;
  let nonce = 0;
  beforeAll(async () => {
    stage = await setBotStage();
    await stage.bot.start();
  });
  afterAll(() => stage.stop());

  const slash = (as: string, command: string, options: readonly object[] = []): object =>
    stage.discord.person.slash({
      as,
      channelId: stage.discord.channels.market,
      nonce: `n${nonce++}`,
      command,
      options: options as never,
    });
  const press = (as: string, message: APIMessage, label: string): object =>
    stage.discord.person.press({
      as,
      channelId: message.channel_id,
      messageId: message.id,
      customId: controlId(message, label),
      nonce: `n${nonce++}`,
    });
  const price = (as: string, symbol: string): Promise<APIMessage> =>
    stage.answer(as, () => slash(as, 'price', [{ name: 'symbol', value: symbol }]));
  const visibleTo = (as: string): string[] =>
    stage.discord.person.messages(as, stage.discord.channels.market).map((message) => message.id);

  it('is online with its commands registered', () => {
    const { pro } = stage.discord.users;
    const state = stage.discord.person.state(pro);
    expect(state.botOnline).toBe(true);
    expect(state.commands.map(({ name }) => name)).toEqual(['price', 'plan', 'risk', 'settings']);
    expect(stage.bot.isReady()).toBe(true);
  });

  it('answers a command with its card, as the member who asked', async () => {
    const { pro } = stage.discord.users;
    const message = await price(pro, 'AAPL');
    expect(message.embeds[0]).toMatchObject({ title: 'AAPL 94.10', description: `asked by ${pro}` });
    expect(isEphemeral(message)).toBe(false);
    expect(stage.callers.at(-1)).toMatchObject({ memberId: pro, tier: 'pro', guildId: stage.discord.guildId });
  });

  it('takes an option with two words by its Discord spelling', async () => {
    const { pro } = stage.discord.users;
    const options = [
      { name: 'symbol', value: 'AAPL' },
      { name: 'with-news', value: true },
    ];
    const message = await stage.answer(pro, () => slash(pro, 'price', options));
    expect(message.embeds[0]?.description).toContain('with news');
  });

  it('knows owner, pro and free by guild and role', async () => {
    const { owner, pro, free } = stage.discord.users;
    const tiers: string[] = [];
    for (const as of [owner, pro, free]) {
      await price(as, 'AAPL');
      tiers.push(stage.callers.at(-1)?.tier ?? '');
    }
    expect(tiers).toEqual(['owner', 'pro', 'free']);
  });

  it('tells a refused tier privately', async () => {
    const { free, owner } = stage.discord.users;
    const deletions = (): number => stage.discord.requests.filter(({ method }) => method === 'DELETE').length;
    const before = deletions();
    const message = await stage.answer(free, () => slash(free, 'settings'));
    expect(isEphemeral(message)).toBe(true);
    // private from the start: nothing public had to be taken back
    expect(deletions()).toBe(before);
    expect(message.embeds[0]?.description).toBe('/settings needs the owner tier; yours is free.');
    expect(visibleTo(owner)).not.toContain(message.id);
  });

  it('tells what was not found privately and leaves nothing behind for others', async () => {
    const { pro, free } = stage.discord.users;
    const before = visibleTo(free);
    const message = await stage.answer(pro, () => slash(pro, 'price', [{ name: 'symbol', value: 'GONE' }]));
    expect(isEphemeral(message)).toBe(true);
    expect(message.embeds[0]?.description).toBe('Found no symbol "GONE", one like AAPL is needed.');
    expect(visibleTo(free)).toEqual(before);
  });

  it('tells a fault of its own with a reference that the log has, and no detail', async () => {
    const { pro } = stage.discord.users;
    const message = await stage.answer(pro, () => slash(pro, 'price', [{ name: 'symbol', value: 'BOOM' }]));
    const text = message.embeds[0]?.description ?? '';
    const reference = /Reference ([0-9a-f]{8})/.exec(text)?.[1];
    expect(text).not.toContain('secret');
    expect(
      stage.logged.some(({ level, detail }) => level === 'error' && JSON.stringify(detail).includes(reference ?? '?')),
    ).toBe(true);
  });

  it('draws the chart into a container with alt text', async () => {
    const { pro } = stage.discord.users;
    const message = await stage.answer(pro, () =>
      slash(pro, 'plan', [{ name: 'build', options: [{ name: 'symbol', value: 'AAPL' }] }]),
    );
    expect((message.flags ?? 0) & 32_768).toBe(32_768);
    const text = JSON.stringify(message.components);
    expect(text).toContain('▲ AAPL long');
    expect(text).toContain('the chart');
    const url = /http:[^"]+chart\.png/.exec(text)?.[0];
    const picture = await fetch(url ?? '');
    expect(
      Buffer.from(await picture.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  it('keeps a private card of a public command private', async () => {
    const { pro, free } = stage.discord.users;
    const before = visibleTo(free);
    const message = await stage.answer(pro, () =>
      slash(pro, 'plan', [{ name: 'build', options: [{ name: 'symbol', value: 'FLAT' }] }]),
    );
    expect(isEphemeral(message)).toBe(true);
    expect(visibleTo(free)).toEqual(before);
  });

  it("replaces the asker's card by its own button, and answers anybody else below it", async () => {
    const { pro, free } = stage.discord.users;
    const message = await price(pro, 'AAPL');
    const updated = await stage.answer(pro, () => press(pro, message, 'Again'));
    expect(updated.id).toBe(message.id);
    expect(updated.embeds[0]).toMatchObject({ title: 'MSFT 94.10', description: `asked by ${pro}` });
    const other = await stage.answer(free, () => press(free, message, 'Again'));
    expect(other.id).not.toBe(message.id);
    expect(other.embeds[0]).toMatchObject({ description: `asked by ${free}` });
  });

  it('leaves the card as it is when its own button fails, and tells the presser', async () => {
    const { pro } = stage.discord.users;
    const message = await price(pro, 'AAPL');
    const told = await stage.answer(pro, () => press(pro, message, 'Again, gone'));
    expect(told.id).not.toBe(message.id);
    expect(isEphemeral(told)).toBe(true);
    const kept = stage.discord.person.messages(pro, message.channel_id).find(({ id }) => id === message.id);
    expect(kept?.embeds[0]?.title).toBe('AAPL 94.10');
  });

  it('replaces a container with its chart by a new one', async () => {
    const { pro } = stage.discord.users;
    const message = await stage.answer(pro, () =>
      slash(pro, 'plan', [{ name: 'build', options: [{ name: 'symbol', value: 'KO' }] }]),
    );
    const updated = await stage.answer(pro, () => press(pro, message, 'Again'));
    expect(updated.id).toBe(message.id);
    expect(JSON.stringify(updated.components)).toContain('▲ KO2 long');
    expect(updated.attachments.length).toBeLessThanOrEqual(1);
  });

  it('answers another command below the card', async () => {
    const { pro } = stage.discord.users;
    const message = await price(pro, 'AAPL');
    const below = await stage.answer(pro, () => press(pro, message, 'Plan'));
    expect(below.id).not.toBe(message.id);
    expect(JSON.stringify(below.components)).toContain('▲ AAPL long');
  });

  it('answers a private command to the presser alone', async () => {
    const { pro, free } = stage.discord.users;
    const message = await price(pro, 'AAPL');
    const secret = await stage.answer(free, () => press(free, message, 'Why?'));
    expect(isEphemeral(secret)).toBe(true);
    expect(secret.embeds[0]?.description).toBe('plan 7f3a9c for free');
    expect(visibleTo(pro)).not.toContain(secret.id);
  });

  it('puts the chosen option into the input', async () => {
    const { pro } = stage.discord.users;
    const message = await price(pro, 'AAPL');
    const customId = controlId(message, 'Another…');
    const select = {
      as: pro,
      channelId: message.channel_id,
      messageId: message.id,
      customId,
      values: ['KO'],
      nonce: 's',
    };
    const updated = await stage.answer(pro, () => stage.discord.person.select(select));
    expect(updated.embeds[0]?.title).toBe('KO 94.10');
  });

  it('says what to ask when a button is from an older card', async () => {
    const { pro } = stage.discord.users;
    const message = await price(pro, 'AAPL');
    const told = await stage.answer(pro, () => press(pro, message, 'Retired'));
    expect(isEphemeral(told)).toBe(true);
    expect(told.content).toBe('This button is from an older card. Ask again with /help.');
  });

  it('opens the form with the current values, and takes the answer in the types of the input', async () => {
    const { pro } = stage.discord.users;
    const { modal, modalId } = await stage.hear(pro, () => slash(pro, 'risk'), isModal);
    expect(modal.title).toBe('Your risk');
    expect(JSON.stringify(modal.components)).toContain('25000');
    const submit = (account: string): Promise<APIMessage> =>
      stage.answer(pro, () =>
        stage.discord.person.submitModal({ as: pro, modalId, values: { account, percent: '1.5' }, nonce: 'm' }),
      );
    const done = await submit('$12,500');
    expect(done.embeds[0]?.description).toBe('1.5 % of 12500');
    expect(isEphemeral(done)).toBe(true);
  });

  it('opens the form empty when the current values take too long, and from a button too', async () => {
    const { pro, free } = stage.discord.users;
    const slow = await stage.hear(free, () => slash(free, 'risk'), isModal);
    expect(JSON.stringify(slow.modal.components)).not.toContain('"value"');
    const message = await price(pro, 'AAPL');
    const pressed = await stage.hear(pro, () => press(pro, message, 'Risk'), isModal);
    expect(pressed.modal.title).toBe('Your risk');
  });

  it('refuses a form with the sentence of the field', async () => {
    const { pro } = stage.discord.users;
    const { modalId } = await stage.hear(pro, () => slash(pro, 'risk'), isModal);
    const values = { account: '5', percent: '1' };
    const told = await stage.answer(pro, () =>
      stage.discord.person.submitModal({ as: pro, modalId, values, nonce: 'm' }),
    );
    expect(told.embeds[0]?.description).toBe('Account: found less than 100, an account of 100 or more is needed.');
  });

  it('suggests at most 25 short choices, and none when suggesting fails or is slow', async () => {
    const { pro } = stage.discord.users;
    const suggest = async (value: string): Promise<readonly { name: string; value: string | number }[]> => {
      const ask = {
        as: pro,
        channelId: stage.discord.channels.market,
        command: 'price',
        options: [{ name: 'symbol', value }],
        focused: 'symbol',
      };
      return (await stage.discord.person.autocomplete(ask)).choices;
    };
    const choices = await suggest('aa');
    expect(choices).toHaveLength(25);
    expect(choices[0]?.value).toBe('AA0');
    for (const { name } of choices) expect(name.length).toBeLessThanOrEqual(100);
    expect(await suggest('broken')).toEqual([]);
    expect(await suggest('slow')).toEqual([]);
  });

  it('answers a direct message and a mention with one sentence, and its own messages never', async () => {
    const { pro } = stage.discord.users;
    const direct = stage.discord.person.directChannelId(pro);
    const told = await stage.answer(pro, () =>
      stage.discord.person.say({ as: pro, channelId: direct, content: 'price AAPL?' }),
    );
    expect(told.content).toBe('I work in a server, not in direct messages. Ask me there, for example with /help.');
    const mention = (): Promise<APIMessage> => {
      const content = `<@${stage.discord.botId}> hello`;
      return stage.answer(pro, () =>
        stage.discord.person.say({ as: pro, channelId: stage.discord.channels.coach, content }),
      );
    };
    // several round trips, in which an answer to itself would have shown
    for (let i = 0; i < 3; i += 1)
      expect((await mention()).content).toBe('I answer to commands: type / and pick one, or start with /help.');
    expect(stage.discord.person.messages(pro, direct)).toHaveLength(2);
  });

  it('shows a line under its name', async () => {
    const { pro } = stage.discord.users;
    await stage.hear(
      pro,
      () => stage.bot.setPresence('SPX 2,064.29 +1.2 %'),
      (event): event is Extract<PersonEvent, { type: 'bot' }> =>
        event.type === 'bot' && event.presence === 'SPX 2,064.29 +1.2 %',
    );
  });

  it('sent nothing in all this that Discord would refuse', () => {
    const validator = createDiscordValidator();
    const judged = stage.discord.requests.filter(({ body }) => body !== undefined && body !== null);
    expect(judged.length).toBeGreaterThan(40);
    for (const { method, path, body } of judged)
      expect([path, validator.request(method, path, body)]).toEqual([path, []]);
  });
});
