import { once } from 'node:events';
import {
  ContainerBuilder,
  Events,
  type GuildTextBasedChannel,
  MessageFlags,
  type SendableChannels,
  TextDisplayBuilder,
} from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRequests } from '../../contracts/discord/audit.ts';
import { createPushedClock, type Stage, setStage } from './stage.ts';

// 1x1 pixel
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

const clock = createPushedClock();
let stage: Stage;
let channel: SendableChannels & GuildTextBasedChannel;
beforeAll(async () => {
  stage = await setStage({ clock });
  const found = await stage.client.channels.fetch(stage.discord.channels.alerts);
  if (!found?.isSendable() || found.isDMBased()) throw new Error('no text channel');
  channel = found;
});
afterAll(() => stage.stop());

const post = (body: object) =>
  stage.client.rest.post(`/channels/${channel.id}/messages`, { body }) as Promise<Record<string, unknown>>;
const count = () => stage.discord.person.messages(stage.discord.users.owner, channel.id, 10_000).length;

describe('a message', () => {
  it('keeps its embeds, with a file in place of attachment://', async () => {
    const sent = await channel.send({
      embeds: [
        {
          title: 'GOOG',
          description: 'x',
          image: { url: 'attachment://chart.png' },
          fields: [{ name: 'Last', value: '750.12' }],
        },
      ],
      files: [{ attachment: PNG, name: 'chart.png', description: 'GOOG, 5 min' }],
    });
    const image = sent.embeds[0]?.image;
    expect([image?.width, image?.height]).toEqual([1, 1]);
    expect(sent.attachments.size).toBe(0);
    const file = await fetch(image?.url ?? '');
    expect(file.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await file.arrayBuffer()).equals(PNG)).toBe(true);
  });

  it('keeps a plain file with its size, type and description', async () => {
    const sent = await channel.send({ files: [{ attachment: PNG, name: 'a b.png', description: 'alt' }] });
    expect(sent.attachments.first()).toMatchObject({
      name: 'a_b.png',
      size: PNG.length,
      contentType: 'image/png',
      description: 'alt',
      width: 1,
    });
  });

  it('of components v2 keeps its container, text and gallery', async () => {
    const container = new ContainerBuilder()
      .setAccentColor(0x10b981)
      .addTextDisplayComponents(new TextDisplayBuilder().setContent('**GOOG**'))
      .addMediaGalleryComponents((gallery) =>
        gallery.addItems((item) => item.setURL('attachment://chart.png').setDescription('alt')),
      )
      .addSectionComponents((section) =>
        section
          .addTextDisplayComponents((text) => text.setContent('x'))
          .setButtonAccessory((button) => button.setCustomId('a').setLabel('A').setStyle(2)),
      )
      .addSeparatorComponents((line) => line);
    const sent = await channel.send({
      flags: MessageFlags.IsComponentsV2,
      components: [container],
      files: [{ attachment: PNG, name: 'chart.png' }],
    });
    expect(sent.flags.has(MessageFlags.IsComponentsV2)).toBe(true);
    const [box] = sent.components as unknown as [
      { components: { type: number; items?: { media: { url: string } }[] }[] },
    ];
    expect(box.components.map((one) => one.type)).toEqual([10, 12, 9, 14]);
    expect(box.components[1]?.items?.[0]?.media.url).toContain('/attachments/');
  });

  it('can be edited, read back, listed and deleted', async () => {
    const sent = await channel.send('one');
    const edited = await sent.edit({ content: 'two' });
    expect([edited.content, edited.editedTimestamp !== null]).toEqual(['two', true]);
    const listed = await channel.messages.fetch({ limit: 1 });
    expect(listed.first()?.content).toBe('two');
    const before = await channel.messages.fetch({ before: sent.id, limit: 2 });
    expect(before.every((one) => BigInt(one.id) < BigInt(sent.id))).toBe(true);
    await sent.delete();
    await expect(channel.messages.fetch(sent.id)).rejects.toMatchObject({ code: 10008 });
  });

  it('ids rise with time and tell it', async () => {
    const [a, b] = [await channel.send('a'), await channel.send('b')];
    expect(BigInt(b.id)).toBeGreaterThan(BigInt(a.id));
    expect(Math.abs(a.createdTimestamp - clock.now())).toBeLessThan(5000);
  });

  it('replies to another and refuses to reply to one that is gone', async () => {
    const first = await channel.send('first');
    const reply = await first.reply('second');
    expect(reply.reference?.messageId).toBe(first.id);
    await first.delete();
    await expect(post({ content: 'x', message_reference: { message_id: first.id } })).rejects.toMatchObject({
      code: 50035,
    });
  });

  it('takes a reaction and a pin', async () => {
    const sent = await channel.send('pin me');
    await sent.react('👍');
    expect((await sent.fetch()).reactions.cache.get('👍')?.count).toBe(1);
    await sent.pin();
    expect((await channel.messages.fetchPins()).items.map((one) => one.message.id)).toContain(sent.id);
    await sent.unpin();
  });

  it('of the bot cannot be had by another: editing a person is refused', async () => {
    const { discord } = stage;
    const said = discord.person.say({ as: discord.users.pro, channelId: channel.id, content: 'mine' });
    await expect(
      stage.client.rest.patch(`/channels/${channel.id}/messages/${said.id}`, { body: { content: 'yours' } }),
    ).rejects.toMatchObject({ code: 50005 });
  });

  it('goes to a person directly and comes back without a guild', async () => {
    const { discord, client } = stage;
    const user = await client.users.fetch(discord.users.free);
    const sent = await user.send('psst');
    expect(sent.guildId).toBeNull();
    const heard = once(client, Events.MessageCreate);
    discord.person.say({
      as: discord.users.free,
      channelId: discord.person.directChannelId(discord.users.free),
      content: 'hi bot',
    });
    const [message] = await heard;
    expect([message.content, message.guildId, message.channel.isDMBased()]).toEqual(['hi bot', null, true]);
    expect(() => discord.person.messages(discord.users.pro, sent.channelId)).toThrow(/no such channel/);
  });
});

describe('a nonce that must be unique', () => {
  it('gives one message for two sends', async () => {
    const before = count();
    const [a, b] = await Promise.all([1, 2].map(() => post({ content: 'open', nonce: 'n1', enforce_nonce: true })));
    expect(a?.id).toBe(b?.id);
    expect(count() - before).toBe(1);
  });

  it('is forgotten after a few minutes', async () => {
    const first = await post({ content: 'x', nonce: 'n2', enforce_nonce: true });
    clock.push(179_000);
    expect((await post({ content: 'x', nonce: 'n2', enforce_nonce: true })).id).toBe(first.id);
    clock.push(2000);
    expect((await post({ content: 'x', nonce: 'n2', enforce_nonce: true })).id).not.toBe(first.id);
  });

  it('counts for nothing unless enforced, and only in its own channel', async () => {
    const first = await post({ content: 'x', nonce: 'n3' });
    expect((await post({ content: 'x', nonce: 'n3' })).id).not.toBe(first.id);
    const other = (await stage.client.rest.post(`/channels/${stage.discord.channels.ops}/messages`, {
      body: { content: 'x', nonce: 'n3', enforce_nonce: true },
    })) as { id: string };
    expect(other.id).not.toBe(first.id);
  });

  it('saves the alert whose answer was lost: discord.js sends again, one message stays', async () => {
    const before = count();
    stage.discord.faults.failNext(/^POST \/channels\/:channel\/messages$/, 502, { after: 'accepted' });
    await channel.send({ content: 'triggered', nonce: 'n4', enforceNonce: true });
    expect(count() - before).toBe(1);
    stage.discord.faults.failNext(/^POST \/channels\/:channel\/messages$/, 502, { after: 'accepted' });
    await channel.send({ content: 'no nonce' });
    expect(count() - before).toBe(3);
  });
});

describe('whom a message pings', () => {
  const everyone = '@everyone <@1> look';
  it('nobody with an empty parse', async () => {
    const { discord } = stage;
    const sent = await channel.send({ content: `${everyone} <@${discord.users.pro}>`, allowedMentions: { parse: [] } });
    expect([sent.mentions.users.size, sent.mentions.everyone]).toEqual([0, false]);
  });

  it('those that are named', async () => {
    const { discord } = stage;
    const sent = await channel.send({
      content: `<@${discord.users.pro}> <@${discord.users.free}>`,
      allowedMentions: { users: [discord.users.pro] },
    });
    expect([...sent.mentions.users.keys()]).toEqual([discord.users.pro]);
  });

  it('never everyone without the right to', async () => {
    expect(
      (await channel.send({ content: everyone, allowedMentions: { parse: ['everyone'] } })).mentions.everyone,
    ).toBe(false);
  });

  it('is refused when parse and a list say it twice', async () => {
    await expect(
      post({ content: 'x', allowed_mentions: { parse: ['users'], users: ['1460000000000000001'] } }),
    ).rejects.toMatchObject({ code: 50035 });
  });
});

const errorsOf = async (body: object): Promise<{ code: number; errors: unknown }> => {
  const failure = await post(body).then(
    () => ({ rawError: { code: 0, errors: 'none' } }),
    (err: { rawError: { code: number; errors: unknown } }) => err,
  );
  return failure.rawError as { code: number; errors: unknown };
};
const button = (id: string) => ({ type: 2, style: 2, label: 'x', custom_id: id });
const V2 = MessageFlags.IsComponentsV2;
const text = (length: number) => ({ type: 10, content: 'x'.repeat(length) });

describe('what Discord refuses', () => {
  it.each([
    ['content over 2000', { content: 'x'.repeat(2001) }, 50035, 'content'],
    ['nothing at all', {}, 50006, undefined],
    ['blanks', { content: '   ' }, 50006, undefined],
    ['an embed title over 256', { embeds: [{ title: 'x'.repeat(257) }] }, 50035, 'embeds.0.title'],
    [
      'embeds over 6000',
      { embeds: [{ description: 'x'.repeat(3001) }, { description: 'x'.repeat(3000) }] },
      50035,
      'embeds',
    ],
    [
      'an empty field',
      { embeds: [{ title: 'x', fields: [{ name: 'a', value: '' }] }] },
      50035,
      'embeds.0.fields.0.value',
    ],
    ['an empty embed', { embeds: [{}] }, 50035, 'embeds.0.description'],
    ['eleven embeds', { embeds: Array.from({ length: 11 }, () => ({ title: 'x' })) }, 50035, 'embeds'],
    [
      'six rows',
      { content: 'x', components: Array.from({ length: 6 }, (_, n) => ({ type: 1, components: [button(`${n}`)] })) },
      50035,
      'components',
    ],
    [
      'six buttons in a row',
      { content: 'x', components: [{ type: 1, components: [1, 2, 3, 4, 5, 6].map((n) => button(`${n}`)) }] },
      50035,
      'components.0.components',
    ],
    [
      'two of one custom id',
      { content: 'x', components: [{ type: 1, components: [button('a'), button('a')] }] },
      50035,
      'components.0.components.1.custom_id',
    ],
    [
      'a label over 80',
      { content: 'x', components: [{ type: 1, components: [{ ...button('a'), label: 'x'.repeat(81) }] }] },
      50035,
      'components.0.components.0.label',
    ],
    [
      'a container without the v2 flag',
      { content: 'x', components: [{ type: 17, components: [text(1)] }] },
      50035,
      'components.0',
    ],
    ['v2 with content', { flags: V2, content: 'x', components: [text(1)] }, 50035, 'content'],
    ['v2 with embeds', { flags: V2, embeds: [{ title: 'x' }], components: [text(1)] }, 50035, 'embeds'],
    [
      'v2 with 41 components',
      { flags: V2, components: [{ type: 17, components: Array.from({ length: 40 }, () => ({ type: 14 })) }] },
      50035,
      'components',
    ],
    ['v2 text over 4000', { flags: V2, components: [text(2000), text(2001)] }, 50035, 'components'],
    [
      'a section without accessory',
      { flags: V2, components: [{ type: 9, components: [text(1)] }] },
      50035,
      'components.0.accessory',
    ],
    [
      'a picture that was not sent along',
      { flags: V2, components: [{ type: 12, items: [{ media: { url: 'attachment://no.png' } }] }] },
      50035,
      'components',
    ],
    ['a nonce over 25', { content: 'x', nonce: 'x'.repeat(26) }, 50035, 'nonce'],
  ])('%s', async (_name, body, code, place) => {
    const failure = await errorsOf(body);
    expect(failure.code).toBe(code);
    const node = place
      ?.split('.')
      .reduce<unknown>((tree, key) => (tree as Record<string, unknown> | undefined)?.[key], failure.errors);
    if (place) expect(JSON.stringify(node)).toContain('_errors');
  });

  it('ignores names that it does not know', async () => {
    expect((await post({ content: 'x', alowed_mentions: { parse: [] } })).content).toBe('x');
  });

  it('to take the v2 flag away, or to add it over words that stay', async () => {
    const v2 = await channel.send({ flags: V2, components: [new TextDisplayBuilder().setContent('a')] });
    await expect(v2.edit({ content: 'plain' })).rejects.toMatchObject({ code: 50035 });
    const plain = await channel.send('words');
    const url = `/channels/${channel.id}/messages/${plain.id}` as const;
    const patch = (body: object) => stage.client.rest.patch(url, { body });
    await expect(patch({ flags: V2, components: [text(1)] })).rejects.toMatchObject({ code: 50035 });
    const turned = (await patch({ flags: V2, content: null, components: [text(1)] })) as {
      flags: number;
      content: string;
    };
    expect([turned.flags & V2, turned.content]).toEqual([V2, '']);
  });

  it('a file over ten megabytes', async () => {
    const big = { attachment: Buffer.alloc(10 * 1024 * 1024 + 1), name: 'big.bin' };
    await expect(channel.send({ files: [big] })).rejects.toMatchObject({ status: 413, code: 40005 });
  });
});

it('every call and every answer about messages is as Discord describes it, but for the misspelt one', () => {
  expect(stage.discord.requests.length).toBeGreaterThan(60);
  const planted = 'POST /channels/:channel/messages asked /alowed_mentions is a name that Discord does not know';
  expect(auditRequests(stage.discord.requests)).toEqual([planted]);
}, 120_000);
