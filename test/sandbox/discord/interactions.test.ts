import { once } from 'node:events';
import {
  ActionRowBuilder,
  type AutocompleteInteraction,
  ButtonBuilder,
  type ButtonInteraction,
  ButtonStyle,
  ComponentType,
  Events,
  type Interaction,
  MessageFlags,
  ModalBuilder,
  type ModalSubmitInteraction,
  StringSelectMenuBuilder,
  type StringSelectMenuInteraction,
  TextInputBuilder,
  TextInputStyle,
  type UserContextMenuCommandInteraction,
} from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRequests } from '../../contracts/discord/audit.ts';
import { createPushedClock, type Stage, setStage } from './stage.ts';

const commands = [
  { name: 'status', description: 'Market status' },
  {
    name: 'price',
    description: 'Latest price',
    options: [
      { type: 3, name: 'symbol', description: 'Ticker', required: true, autocomplete: true },
      { type: 4, name: 'bars', description: 'How many', min_value: 1, max_value: 50 },
    ],
  },
  {
    name: 'watch',
    description: 'Watchlist',
    options: [
      {
        type: 1,
        name: 'add',
        description: 'Add one',
        options: [
          {
            type: 3,
            name: 'symbol',
            description: 'Ticker',
            required: true,
            choices: [{ name: 'Alphabet', value: 'GOOG' }],
          },
        ],
      },
      { type: 1, name: 'list', description: 'Show all' },
    ],
  },
  { name: 'Profile', type: 2 },
];

const clock = createPushedClock();
let stage: Stage;
beforeAll(async () => {
  stage = await setStage({ clock });
  await stage.client.application.commands.set(commands, stage.discord.guildId);
});
afterAll(() => stage.stop());

const asOwner = () => ({ as: stage.discord.users.owner, channelId: stage.discord.channels.market, nonce: 'n' });
const slash = (command: string, options: readonly { name: string; value?: string | number }[] = []) =>
  stage.discord.person.slash({ ...asOwner(), command, options });
async function next<T extends Interaction>(act: () => unknown): Promise<T> {
  const heard = once(stage.client, Events.InteractionCreate);
  act();
  return (await heard)[0] as T;
}

const row = () =>
  new ActionRowBuilder<ButtonBuilder>().addComponents(
    new ButtonBuilder().setCustomId('why').setLabel('Why?').setStyle(ButtonStyle.Primary),
    new ButtonBuilder().setCustomId('off').setLabel('Off').setStyle(ButtonStyle.Secondary).setDisabled(true),
  );

describe('a slash command', () => {
  it('shows "thinking" first and then its answer in the same message', async () => {
    const { discord } = stage;
    const heard = stage.hear(discord.users.owner, 'message');
    const command = await next<Extract<Interaction, { commandName: string }>>(() => slash('status'));
    if (!command.isChatInputCommand()) throw new Error('not a slash command');
    const reply = await command.deferReply({ withResponse: true });
    expect(reply.resource?.message?.flags.has(MessageFlags.Loading)).toBe(true);
    const loading = (await heard).message;
    const answer = await command.editReply('open until 16:00');
    expect(answer.id).toBe(loading.id);
    expect(answer.flags.bitfield).toBe(0);
    expect(answer.editedTimestamp).toBeNull();
    expect(answer.interactionMetadata?.user.id).toBe(discord.users.owner);
  });

  it('whose first word after "thinking" is a follow-up fills the same message', async () => {
    const command = await next(() => slash('status'));
    if (!command.isChatInputCommand()) throw new Error('not a slash command');
    await command.deferReply();
    const thinking = await command.fetchReply();
    const filled = await command.followUp('here');
    const second = await command.followUp('and more');
    expect(filled.id).toBe(thinking.id);
    expect(second.id).not.toBe(thinking.id);
  });

  it('answered privately is seen by the asker alone and unknown to channel routes', async () => {
    const { discord } = stage;
    const command = await next(() => slash('status'));
    if (!command.isChatInputCommand()) throw new Error('not a slash command');
    const heardByBot = once(stage.client, Events.Raw);
    const reply = await command.reply({ content: 'yours', flags: MessageFlags.Ephemeral, withResponse: true });
    const id = reply.resource?.message?.id ?? '';
    const [packet] = await heardByBot;
    expect([packet.t, 'guild_id' in packet.d, 'member' in packet.d]).toEqual(['MESSAGE_CREATE', false, false]);
    const seenBy = (who: string) => discord.person.messages(who, discord.channels.market).some((one) => one.id === id);
    expect(seenBy(discord.users.owner)).toBe(true);
    expect(seenBy(discord.users.free)).toBe(false);
    const channel = await stage.client.channels.fetch(discord.channels.market);
    if (!channel?.isTextBased()) throw new Error('no text channel');
    await expect(channel.messages.fetch({ message: id, force: true })).rejects.toMatchObject({ code: 10008 });
    await command.editReply('still yours');
    await command.deleteReply();
    expect(seenBy(discord.users.owner)).toBe(false);
  });

  it('cannot be answered twice', async () => {
    const command = await next(() => slash('status'));
    if (!command.isChatInputCommand()) throw new Error('not a slash command');
    const again = () =>
      stage.client.rest.post(`/interactions/${command.id}/${command.token}/callback`, {
        body: { type: 5 },
        auth: false,
      });
    await again();
    await expect(again()).rejects.toMatchObject({ code: 40060, status: 400 });
  });

  it('answered by two at once gets one answer', async () => {
    const command = await next(() => slash('status'));
    if (!command.isChatInputCommand()) throw new Error('not a slash command');
    const answer = (content: string) =>
      stage.client.rest.post(`/interactions/${command.id}/${command.token}/callback`, {
        body: { type: 4, data: { content } },
        auth: false,
      });
    const results = await Promise.allSettled([answer('a'), answer('b'), answer('c')]);
    expect(results.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });

  it('dies after three seconds and tells the asker so', async () => {
    const failed = stage.hear(stage.discord.users.owner, 'interaction_failed');
    const command = await next(() => slash('status'));
    clock.push(3001);
    expect((await failed).nonce).toBe('n');
    if (!command.isChatInputCommand()) throw new Error('not a slash command');
    await expect(command.reply('late')).rejects.toMatchObject({ code: 10062, status: 404 });
  });

  it('can be edited for 15 minutes and not a second longer', async () => {
    const command = await next(() => slash('status'));
    if (!command.isChatInputCommand()) throw new Error('not a slash command');
    await command.reply('first');
    clock.push(899_000);
    await command.editReply('second');
    clock.push(2000);
    await expect(command.editReply('third')).rejects.toMatchObject({ code: 50027, status: 401 });
  });

  it('carries typed options, subcommands and choices', async () => {
    const price = await next(() =>
      slash('price', [
        { name: 'symbol', value: 'GOOG' },
        { name: 'bars', value: '20' },
      ]),
    );
    if (!price.isChatInputCommand()) throw new Error('not a slash command');
    expect(price.options.getInteger('bars')).toBe(20);
    const { person } = stage.discord;
    const watch = await next(() =>
      person.slash({
        ...asOwner(),
        command: 'watch',
        options: [{ name: 'add', options: [{ name: 'symbol', value: 'GOOG' }] }],
      }),
    );
    if (!watch.isChatInputCommand()) throw new Error('not a slash command');
    expect([watch.options.getSubcommand(), watch.options.getString('symbol')]).toEqual(['add', 'GOOG']);
    const usedName = stage
      .hear(stage.discord.users.owner, 'message')
      .then(({ message }) => (message as { interaction?: { name: string } }).interaction?.name);
    await watch.reply('2');
    expect(await usedName).toBe('watch add');
    await price.reply('1');
  });

  it.each([
    ['nobody registered', () => slash('nothing'), /no command "nothing"/],
    ['without what is required', () => slash('price'), /missing: symbol/],
    [
      'with a number out of range',
      () =>
        slash('price', [
          { name: 'symbol', value: 'A' },
          { name: 'bars', value: 51 },
        ]),
      /need 1 to 50/,
    ],
    [
      'with words for a number',
      () =>
        slash('price', [
          { name: 'symbol', value: 'A' },
          { name: 'bars', value: 'many' },
        ]),
      /whole number/,
    ],
    ['with an unknown option', () => slash('status', [{ name: 'x', value: '1' }]), /no option "x"/],
  ])('%s is refused in one sentence', (_name, act, sentence) => {
    expect(act).toThrow(sentence);
  });
});

describe('while typing', () => {
  it('the bot suggests choices', async () => {
    const { person } = stage.discord;
    const heard = once(stage.client, Events.InteractionCreate);
    const choices = person.autocomplete({
      ...asOwner(),
      command: 'price',
      options: [{ name: 'symbol', value: 'GO' }],
      focused: 'symbol',
    });
    const [typing] = (await heard) as [AutocompleteInteraction];
    expect(typing.options.getFocused(true)).toMatchObject({ name: 'symbol', value: 'GO' });
    await typing.respond([{ name: 'Alphabet', value: 'GOOG' }]);
    expect(await choices).toEqual({ choices: [{ name: 'Alphabet', value: 'GOOG' }] });
  });

  it('26 suggestions are refused and none come', async () => {
    const { person } = stage.discord;
    const heard = once(stage.client, Events.InteractionCreate);
    const choices = person.autocomplete({
      ...asOwner(),
      command: 'price',
      options: [{ name: 'symbol', value: '' }],
      focused: 'symbol',
    });
    const [typing] = (await heard) as [AutocompleteInteraction];
    const many = Array.from({ length: 26 }, (_, n) => ({ name: `${n}`, value: `${n}` }));
    await expect(typing.respond(many)).rejects.toMatchObject({ code: 50035 });
    clock.push(3001);
    expect(await choices).toEqual({ choices: [] });
  });
});

describe('a button, a menu and a form', () => {
  const withRow = async () => {
    const channel = await stage.client.channels.fetch(stage.discord.channels.market);
    if (!channel?.isSendable()) throw new Error('no text channel');
    return channel.send({ content: 'plan', components: [row()] });
  };
  const press = (messageId: string, customId = 'why') =>
    stage.discord.person.press({ ...asOwner(), messageId, customId });

  it('a press updates the card it hangs on', async () => {
    const card = await withRow();
    const button = await next<ButtonInteraction>(() => press(card.id));
    expect([button.customId, button.message.id]).toEqual(['why', card.id]);
    await button.update({ content: 'because', components: [] });
    const [newest] = stage.discord.person.messages(stage.discord.users.free, stage.discord.channels.market).slice(-1);
    expect(newest).toMatchObject({ id: card.id, content: 'because', components: [] });
  });

  it('a press taken silently edits the card later', async () => {
    const card = await withRow();
    const button = await next<ButtonInteraction>(() => press(card.id));
    await button.deferUpdate();
    const edited = await button.editReply('later');
    expect(edited.id).toBe(card.id);
  });

  it('a private answer to a press leaves the card alone', async () => {
    const card = await withRow();
    const button = await next<ButtonInteraction>(() => press(card.id));
    await button.reply({ content: 'psst', flags: MessageFlags.Ephemeral });
    expect((await card.fetch()).content).toBe('plan');
  });

  it('a button that is off, gone or never was cannot be pressed', async () => {
    const card = await withRow();
    expect(() => press(card.id, 'off')).toThrow(/switched off/);
    expect(() => press(card.id, 'nothing')).toThrow(/no longer on the message/);
    await card.delete();
    expect(() => press(card.id)).toThrow(/gone/);
  });

  it('a choice brings its values, and only those on the list', async () => {
    const channel = await stage.client.channels.fetch(stage.discord.channels.market);
    if (!channel?.isSendable()) throw new Error('no text channel');
    const menu = new StringSelectMenuBuilder()
      .setCustomId('about')
      .addOptions({ label: 'GOOG', value: 'GOOG' }, { label: 'SPY', value: 'SPY' });
    const card = await channel.send({
      components: [new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(menu)],
      content: 'x',
    });
    const choose = (values: string[]) =>
      stage.discord.person.select({ ...asOwner(), messageId: card.id, customId: 'about', values });
    const choice = await next<StringSelectMenuInteraction>(() => choose(['SPY']));
    expect(choice.values).toEqual(['SPY']);
    await choice.deferUpdate();
    expect(() => choose(['QQQ'])).toThrow(/not on the list/);
    expect(() => choose(['SPY', 'GOOG'])).toThrow(/2 chosen, need 1/);
  });

  it('a form opens from a command, comes back filled, and is answered', async () => {
    const { discord } = stage;
    const command = await next(() => slash('status'));
    if (!command.isChatInputCommand()) throw new Error('not a slash command');
    const opened = stage.hear(discord.users.owner, 'modal');
    const input = new TextInputBuilder()
      .setCustomId('size')
      .setLabel('Account size')
      .setStyle(TextInputStyle.Short)
      .setMaxLength(8);
    const form = new ModalBuilder()
      .setCustomId('risk')
      .setTitle('Risk')
      .addComponents(new ActionRowBuilder<TextInputBuilder>().addComponents(input));
    await command.showModal(form);
    const { modalId, modal } = await opened;
    expect(modal.title).toBe('Risk');
    const send = (size: string) =>
      discord.person.submitModal({ as: discord.users.owner, modalId, values: { size }, nonce: 'm' });
    expect(() => send('')).toThrow(/required/);
    expect(() => send('123456789')).toThrow(/need 0 to 8/);
    const submitted = await next<ModalSubmitInteraction>(() => send('25000'));
    expect(submitted.fields.getTextInputValue('size')).toBe('25000');
    await submitted.reply('saved');
    expect(() => send('1')).toThrow(/not open any more/);
  });

  it('a form opened by a press may update the card', async () => {
    const card = await withRow();
    const button = await next<ButtonInteraction>(() => press(card.id));
    const opened = stage.hear(stage.discord.users.owner, 'modal');
    await button.showModal({
      custom_id: 'take',
      title: 'Take it',
      components: [
        {
          type: ComponentType.Label,
          label: 'Price',
          component: { type: ComponentType.TextInput, custom_id: 'price', style: 1 },
        },
      ],
    });
    const { modalId } = await opened;
    const submitted = await next<ModalSubmitInteraction>(() =>
      stage.discord.person.submitModal({
        as: stage.discord.users.owner,
        modalId,
        values: { price: '94.12' },
        nonce: 'm',
      }),
    );
    expect(submitted.fields.getTextInputValue('price')).toBe('94.12');
    if (!submitted.isFromMessage()) throw new Error('not from a message');
    await submitted.update({ content: 'taken', components: [] });
    expect((await card.fetch()).content).toBe('taken');
  });

  it('a menu command on a member names that member', async () => {
    const { discord } = stage;
    const menu = await next<UserContextMenuCommandInteraction>(() =>
      discord.person.menu({ ...asOwner(), command: 'Profile', targetId: discord.users.pro }),
    );
    expect(menu.targetUser.id).toBe(discord.users.pro);
    await menu.reply('Peter');
  });
});

it('every call and every answer of these interactions is as Discord describes it', () => {
  expect(stage.discord.requests.length).toBeGreaterThan(40);
  expect(auditRequests(stage.discord.requests)).toEqual([]);
}, 120_000);
