import type { APIMessage } from 'discord-api-types/v10';
import { z } from 'zod';
import { ApiError, formError } from './api-error.ts';
import { INTENT, MESSAGE_FLAG, PERMISSION } from './bits.ts';
import { composeMessage, type Desk, editMessage } from './compose.ts';
import { readForm, snowflake } from './form.ts';
import { addMessage, channelOf, messageByNonce, publicMessage, removeMessages } from './messages.ts';
import { demand, permissionsIn } from './permissions.ts';
import { type Call, del, get, nothing, ok, param, patch, post, type Route } from './route.ts';
import { snowflakeAt } from './snowflake.ts';
import { demandOpen } from './threads.ts';
import type { Channel, StoredMessage } from './world.ts';

const TWO_WEEKS_MS = 14 * 86_400_000;
const CREATE_FLAGS = MESSAGE_FLAG.suppressEmbeds | MESSAGE_FLAG.suppressNotifications | MESSAGE_FLAG.componentsV2;
const bulk = z.object({ messages: z.array(snowflake).min(2).max(100) });

const place = (desk: Desk, call: Call): Channel => channelOf(desk.world, param(call, 'channel'));

/** What an author needs to post here, files and embeds included. */
function demandPost(desk: Desk, userId: string, channel: Channel, parts: { files: boolean; embeds: boolean }): void {
  const needed =
    (channel.kind === 'thread' ? PERMISSION.sendMessagesInThreads : PERMISSION.sendMessages) |
    (parts.files ? PERMISSION.attachFiles : 0n) |
    (parts.embeds ? PERMISSION.embedLinks : 0n);
  demand(desk.world, userId, channel, needed);
  if (channel.kind !== 'thread' || !channel.locked || !channel.archived) return;
  if (!(permissionsIn(desk.world, userId, channel) & PERMISSION.manageThreads)) throw new ApiError(160005);
}

function referenceOf(
  desk: Desk,
  channel: Channel,
  reference: { message_id?: unknown; fail_if_not_exists?: unknown } | null | undefined,
): Partial<APIMessage> {
  if (!reference || typeof reference.message_id !== 'string') return {};
  const target = desk.world.messages.get(channel.id)?.get(reference.message_id);
  if (!target || target.ephemeralFor) {
    if (reference.fail_if_not_exists === false) return {};
    throw formError(['message_reference'], 'REPLIES_UNKNOWN_MESSAGE', 'Unknown message');
  }
  const { referenced_message, ...shown } = target.message;
  return {
    type: 19,
    message_reference: {
      type: 0,
      channel_id: channel.id,
      message_id: target.message.id,
      ...(channel.kind !== 'direct' && { guild_id: desk.world.guildId }),
    },
    referenced_message: shown as APIMessage,
  };
}

async function create(desk: Desk, call: Call): Promise<object> {
  const { world } = desk;
  const channel = place(desk, call);
  const json = (call.json ?? {}) as { embeds?: unknown[]; nonce?: unknown; enforce_nonce?: unknown };
  demandPost(desk, world.botId, channel, { files: call.files.length > 0, embeds: (json.embeds?.length ?? 0) > 0 });
  const { message, form } = await composeMessage(desk, channel, call, {
    allowedFlags: CREATE_FLAGS,
    authorId: world.botId,
  });
  const nonce = form.nonce == null ? undefined : String(form.nonce);
  // asked after the uploads were stored, so that two sends at once cannot both find nothing
  const earlier = nonce && form.enforce_nonce ? messageByNonce(world, channel.id, world.botId, nonce) : undefined;
  if (earlier) return { ...earlier.message, nonce: form.nonce };
  const stored: StoredMessage = {
    message: { ...message, ...referenceOf(desk, channel, form.message_reference) } as APIMessage,
    ...(nonce && { nonce }),
  };
  addMessage(world, channel, stored);
  return { ...stored.message, ...(form.nonce != null && { nonce: form.nonce }) };
}

function list(desk: Desk, call: Call): APIMessage[] {
  const { world } = desk;
  const channel = place(desk, call);
  demand(world, world.botId, channel, 0n);
  if (!(permissionsIn(world, world.botId, channel) & PERMISSION.readMessageHistory)) return [];
  const limit = Number(call.query.limit ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100)
    throw formError(['limit'], 'NUMBER_TYPE_MAX', 'int value should be between 1 and 100.');
  const { before, after, around } = call.query;
  const all = [...(world.messages.get(channel.id)?.values() ?? [])].flatMap((one) =>
    one.ephemeralFor ? [] : [one.message],
  );
  const older = before ?? around;
  if (older) {
    const half = around ? Math.floor(limit / 2) : limit;
    const past = all
      .filter((one) => (around ? BigInt(one.id) <= BigInt(older) : BigInt(one.id) < BigInt(older)))
      .slice(-half);
    const rest = around ? all.filter((one) => BigInt(one.id) > BigInt(around)).slice(0, limit - past.length) : [];
    return [...past, ...rest].reverse();
  }
  return (after ? all.filter((one) => BigInt(one.id) > BigInt(after)).slice(0, limit) : all.slice(-limit)).reverse();
}

/** `/channels/{c}/messages`: create, read, edit, delete, crosspost, typing. */
export function messageRoutes(desk: Desk): Route[] {
  const { world } = desk;
  const found = (call: Call): { channel: Channel; stored: StoredMessage } => {
    const channel = place(desk, call);
    demand(world, world.botId, channel, 0n);
    return { channel, stored: publicMessage(world, channel.id, param(call, 'message')) };
  };
  return [
    get('/channels/:channel/messages', (call) => ok(list(desk, call))),
    post('/channels/:channel/messages', async (call) => ok(await create(desk, call))),
    get('/channels/:channel/messages/:message', (call) => {
      const { channel, stored } = found(call);
      demand(world, world.botId, channel, PERMISSION.readMessageHistory);
      return ok(stored.message);
    }),
    patch('/channels/:channel/messages/:message', async (call) => {
      const { channel, stored } = found(call);
      if (stored.message.author.id !== world.botId) throw new ApiError(50005);
      demandOpen(channel);
      await editMessage(desk, channel, stored, call);
      return ok(stored.message);
    }),
    del('/channels/:channel/messages/:message', (call) => {
      const { channel, stored } = found(call);
      if (stored.message.author.id !== world.botId) {
        if (channel.kind === 'direct') throw new ApiError(50003);
        demand(world, world.botId, channel, PERMISSION.manageMessages);
      }
      demandOpen(channel);
      removeMessages(world, channel, [stored]);
      return nothing;
    }),
    post('/channels/:channel/messages/bulk-delete', (call) => {
      const channel = place(desk, call);
      if (channel.kind === 'direct') throw new ApiError(50003);
      demand(world, world.botId, channel, PERMISSION.manageMessages);
      const { messages } = readForm(bulk, call.json);
      if (messages.some((id) => snowflakeAt(id) < world.clock.now() - TWO_WEEKS_MS)) throw new ApiError(50034);
      const known = messages.flatMap((id) => {
        const stored = world.messages.get(channel.id)?.get(id);
        return stored && !stored.ephemeralFor ? [stored] : [];
      });
      removeMessages(world, channel, known);
      return nothing;
    }),
    post('/channels/:channel/messages/:message/crosspost', (call) => {
      found(call);
      // this guild has no announcement channel
      throw new ApiError(50162);
    }),
    post('/channels/:channel/typing', (call) => {
      const channel = place(desk, call);
      demandPost(desk, world.botId, channel, { files: false, embeds: false });
      world.tell({ type: 'typing', channelId: channel.id, userId: world.botId });
      world.dispatch({
        t: 'TYPING_START',
        d: {
          channel_id: channel.id,
          user_id: world.botId,
          timestamp: Math.floor(world.clock.now() / 1000),
          ...(channel.kind !== 'direct' && { guild_id: world.guildId }),
        },
        intent: channel.kind === 'direct' ? INTENT.directTyping : INTENT.guildTyping,
        channelId: channel.id,
      });
      return nothing;
    }),
  ];
}
