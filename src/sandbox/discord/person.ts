import type { APIMessage } from 'discord-api-types/v10';
import { AppError } from '../../kit/errors.ts';
import type { FaultMenu } from '../fault-menu.ts';
import type { MarketControl } from '../market-control.ts';
import { INTERACTION, PERMISSION } from './bits.ts';
import type { Choice, Interactions } from './interactions.ts';
import { mentionsIn } from './mentions.ts';
import { addMessage } from './messages.ts';
import type { Modals } from './modals.ts';
import { canSee, permissionsIn } from './permissions.ts';
import type { PersonChannel, PersonEvent, PersonRequests, PersonState } from './person-api.ts';
import { giveRole, joinGuild, leaveGuild } from './person-membership.ts';
import { pressData, selectData } from './person-press.ts';
import { commandFor, fullName, slashData } from './person-slash.ts';
import { react } from './reaction-routes.ts';
import { PEOPLE } from './seed.ts';
import { settleIdle } from './threads.ts';
import { GUILD_NAME, iso, personChannel, wireMemberPart, wireUser } from './wire-guild.ts';
import type { Channel, StoredMessage, World } from './world.ts';

type Ask<K extends keyof PersonRequests> = PersonRequests[`${K}`];

/** What a person can see and do; refusals are `AppError`s with one sentence for the page. */
export interface PersonSide {
  state(as: string): PersonState;
  /** Oldest first, at most `limit` (100), with the asker's own ephemeral messages. */
  messages(as: string, channelId: string, limit?: number): APIMessage[];
  say(ask: Ask<'/sandbox/say'>): APIMessage;
  slash(ask: Ask<'/sandbox/slash'>): { interactionId: string };
  autocomplete(ask: Ask<'/sandbox/autocomplete'>): Promise<{ choices: readonly Choice[] }>;
  press(ask: Ask<'/sandbox/press'>): { interactionId: string };
  select(ask: Ask<'/sandbox/select'>): { interactionId: string };
  submitModal(ask: Ask<'/sandbox/modal'>): { interactionId: string };
  /** A command of the context menu of a message or a member. */
  menu(ask: { as: string; channelId: string; command: string; targetId: string; nonce: string }): {
    interactionId: string;
  };
  react(ask: { as: string; channelId: string; messageId: string; emoji: string; on: boolean }): void;
  /** Gives or takes a role as a server admin would. */
  setRole(userId: string, roleId: string, on: boolean): void;
  /** Leaves the server; direct messages stay. */
  leave(as: string): void;
  join(as: string): void;
  directChannelId(as: string): string;
  market(ask: Ask<'/sandbox/market'>): void;
  fault(ask: Ask<'/sandbox/fault'>): void;
  /** Hears what the page of this person hears; the returned function ends it. */
  listen(as: string, fn: (event: PersonEvent) => void): () => void;
}

const visible = (as: string, stored: StoredMessage): boolean => !stored.ephemeralFor || stored.ephemeralFor === as;

/** The people's half of the embedded Discord. */
export function createPerson(deps: {
  world: World;
  interactions: Interactions;
  modals: Modals;
  control: MarketControl | undefined;
  faultMenu: FaultMenu | undefined;
  listen: PersonSide['listen'];
}): PersonSide {
  const { world, interactions, modals, control } = deps;

  const known = (as: string): string => {
    if (!Object.values<string>(PEOPLE).includes(as))
      throw new AppError('unauthenticated', '"as" names no person of this sandbox.');
    return as;
  };
  const place = (as: string, channelId: string): Channel => {
    const channel = world.channels.get(channelId);
    if (!channel || !canSee(world, known(as), channel)) throw new AppError('not_found', 'There is no such channel.');
    settleIdle(world, channel);
    return channel;
  };
  const at = (as: string, channelId: string, messageId: string): { channel: Channel; stored: StoredMessage } => {
    const channel = place(as, channelId);
    const stored = world.messages.get(channelId)?.get(messageId);
    if (!stored || !visible(as, stored)) throw new AppError('not_found', 'That message is gone.');
    return { channel, stored };
  };
  const touch = (
    { as, channelId, messageId, nonce }: Omit<PersonRequests['/sandbox/press'], 'customId'>,
    dataOf: (stored: StoredMessage) => object,
  ): { interactionId: string } => {
    const { channel, stored } = at(as, channelId, messageId);
    const kind = INTERACTION.component;
    const { id } = interactions.open({ kind, userId: as, channel, nonce, data: dataOf(stored), source: stored });
    return { interactionId: id };
  };
  const demandSpeech = (as: string, channel: Channel): void => {
    const bits = permissionsIn(world, as, channel);
    const needed = channel.kind === 'thread' ? PERMISSION.sendMessagesInThreads : PERMISSION.sendMessages;
    if (!(bits & needed)) throw new AppError('invalid_input', 'You may not write in this channel.');
    if (channel.kind === 'thread' && channel.locked && channel.archived && !(bits & PERMISSION.manageThreads))
      throw new AppError('conflict', 'This thread is locked.');
  };

  return {
    state(as) {
      known(as);
      const seen = [...world.channels.values()].filter((one) => canSee(world, as, one));
      const rank = { text: 0, direct: 1, thread: 2 };
      const channels: PersonChannel[] = seen.sort((a, b) => rank[a.kind] - rank[b.kind]).map(personChannel);
      return {
        users: Object.entries(PEOPLE).map(([role, id]) => ({
          id,
          name: wireUser(world, id).global_name ?? role,
          role,
        })),
        botId: world.botId,
        guild: { id: world.guildId, name: GUILD_NAME },
        channels,
        commands: [...world.commands.values()],
        botOnline: world.bot.online,
        botPresence: world.bot.presence,
        market: control?.state(),
        faults: deps.faultMenu?.list() ?? [],
      };
    },
    messages(as, channelId, limit = 100) {
      place(as, channelId);
      const all = [...(world.messages.get(channelId)?.values() ?? [])];
      return all
        .filter((one) => visible(as, one))
        .slice(-limit)
        .map((one) => one.message);
    },
    say({ as, channelId, content }) {
      const channel = place(as, channelId);
      demandSpeech(as, channel);
      const text = content.trim();
      if (text === '') throw new AppError('invalid_input', 'The message is empty.');
      if (text.length > 2000)
        throw new AppError('invalid_input', `The message has ${text.length} characters, need 2000 or fewer.`);
      const message = {
        id: world.ids.next(),
        type: 0,
        channel_id: channelId,
        author: wireUser(world, as),
        content: text,
        timestamp: iso(world.clock.now()),
        edited_timestamp: null,
        tts: false,
        ...mentionsIn(world, as, channel, text, undefined),
        attachments: [],
        embeds: [],
        components: [],
        pinned: false,
        flags: 0,
      } as unknown as APIMessage;
      return addMessage(world, channel, { message }).message;
    },
    slash({ as, channelId, nonce, command, options }) {
      const channel = place(as, channelId);
      const found = commandFor(world, command, as, channel);
      const data = slashData(world, found, options);
      return {
        interactionId: interactions.open({
          kind: INTERACTION.command,
          userId: as,
          channel,
          nonce,
          data,
          commandName: fullName(found, options),
        }).id,
      };
    },
    autocomplete({ as, channelId, command, options, focused }) {
      const channel = place(as, channelId);
      const found = commandFor(world, command, as, channel);
      const data = slashData(world, found, options, focused);
      return new Promise((resolve) => {
        const settle = (choices: readonly Choice[]): void => resolve({ choices });
        interactions.open({ kind: INTERACTION.autocomplete, userId: as, channel, nonce: '', data, settle });
      });
    },
    press: ({ customId, ...by }) => touch(by, (stored) => pressData(stored, customId)),
    select: ({ customId, values, ...by }) => touch(by, (stored) => selectData(world, stored, customId, values)),
    submitModal: ({ as, modalId, values, nonce }) => ({
      interactionId: modals.submit(known(as), modalId, values, nonce).id,
    }),
    menu({ as, channelId, command, targetId, nonce }) {
      const channel = place(as, channelId);
      const stored = world.messages.get(channelId)?.get(targetId);
      const found = commandFor(world, command, as, channel, stored ? 3 : 2);
      const member = world.members.get(targetId);
      if (!stored && !member) throw new AppError('not_found', 'There is no such member or message.');
      const resolved = stored
        ? { messages: { [targetId]: stored.message } }
        : {
            users: { [targetId]: wireUser(world, targetId) },
            members: member ? { [targetId]: { ...wireMemberPart(member), permissions: '0' } } : {},
          };
      const data = { id: found.id, name: found.name, type: found.type, target_id: targetId, resolved };
      return {
        interactionId: interactions.open({
          kind: INTERACTION.command,
          userId: as,
          channel,
          nonce,
          data,
          commandName: found.name,
        }).id,
      };
    },
    react({ as, channelId, messageId, emoji, on }) {
      const { channel, stored } = at(as, channelId, messageId);
      react(world, channel, stored, as, emoji, on);
    },
    setRole: (userId, roleId, on) => giveRole(world, userId, roleId, on),
    leave: (as) => leaveGuild(world, known(as)),
    join: (as) => joinGuild(world, known(as)),
    directChannelId(as) {
      for (const channel of world.channels.values())
        if (channel.kind === 'direct' && channel.userId === as) return channel.id;
      throw new AppError('not_found', '"as" names no person of this sandbox.');
    },
    market(ask) {
      if (!control) throw new AppError('unavailable', 'This sandbox replays no market.');
      if (ask.action === 'speed') control.setSpeed(ask.speed);
      else if (ask.action === 'pause') control.pause();
      else if (ask.action === 'resume') control.resume();
      else control.jumpTo(ask.action);
    },
    fault({ key, on }) {
      if (!deps.faultMenu) throw new AppError('unavailable', 'Nothing can be broken in this sandbox.');
      deps.faultMenu.set(key, on);
    },
    listen: (as, fn) => deps.listen(known(as), fn),
  };
}
