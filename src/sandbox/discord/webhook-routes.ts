import { randomBytes } from 'node:crypto';
import type { APIMessage } from 'discord-api-types/v10';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { INTENT, MESSAGE_FLAG, PERMISSION } from './bits.ts';
import { composeMessage, type Desk, editMessage } from './compose.ts';
import { readForm } from './form.ts';
import type { TokenRoutes } from './interaction-webhook-routes.ts';
import { addMessage, channelOf, publicMessage, removeMessages } from './messages.ts';
import { demand } from './permissions.ts';
import {
  type Call,
  del,
  get,
  nothing,
  ok,
  param,
  post,
  type Reply,
  type Route,
  tokenDelete,
  tokenGet,
  tokenPatch,
  tokenPost,
} from './route.ts';
import { wireUser } from './wire-guild.ts';
import type { Channel, StoredMessage, Webhook, World } from './world.ts';

const form = z.object({ name: z.string().min(1).max(80) });
const POST_FLAGS = MESSAGE_FLAG.suppressEmbeds | MESSAGE_FLAG.suppressNotifications | MESSAGE_FLAG.componentsV2;

const shown = (world: World, hook: Webhook): object => ({
  id: hook.id,
  type: 1,
  name: hook.name,
  avatar: null,
  application_id: world.applicationId,
  channel_id: hook.channelId,
  guild_id: world.guildId,
  user: wireUser(world, hook.ownerId),
  token: hook.token,
  url: `${world.origin}/api/webhooks/${hook.id}/${hook.token}`,
});

/** Channel webhooks, and the same paths for interaction tokens, which `interaction` answers. */
export function webhookRoutes(desk: Desk, interaction: TokenRoutes): Route[] {
  const { world } = desk;
  const known = (call: Call): Webhook => {
    const hook = world.webhooks.get(param(call, 'webhook'));
    if (!hook) throw new ApiError(10015);
    if (call.params.token !== undefined && call.params.token !== hook.token) throw new ApiError(50027);
    return hook;
  };
  const place = (hook: Webhook, call: Call): Channel => channelOf(world, call.query.thread_id ?? hook.channelId);
  const target = (call: Call): { channel: Channel; stored: StoredMessage } => {
    const hook = known(call);
    const channel = place(hook, call);
    const stored = publicMessage(world, channel.id, param(call, 'message'));
    if (stored.message.webhook_id !== hook.id) throw new ApiError(10008);
    return { channel, stored };
  };
  const execute = async (call: Call): Promise<Reply> => {
    const hook = known(call);
    const channel = place(hook, call);
    const { message } = await composeMessage(desk, channel, call, {
      allowedFlags: POST_FLAGS,
      authorId: world.botId,
      extra: {
        webhook_id: hook.id,
        application_id: world.applicationId,
        author: {
          id: hook.id,
          username: hook.name,
          avatar: null,
          discriminator: '0000',
          public_flags: 0,
          flags: 0,
          bot: true,
          global_name: null,
          primary_guild: null,
        },
      } as unknown as Partial<APIMessage>,
    });
    const stored = addMessage(world, channel, { message });
    return call.query.wait === 'true' ? ok(stored.message) : nothing;
  };
  const isInteraction = (call: Call): boolean => param(call, 'webhook') === world.applicationId;
  const remove = (call: Call): Reply => {
    const hook = known(call);
    world.webhooks.delete(hook.id);
    world.forget('webhook', hook.id);
    return nothing;
  };
  const one = '/webhooks/:webhook/:token/messages/:message';
  return [
    post('/channels/:channel/webhooks', (call) => {
      const channel = channelOf(world, param(call, 'channel'));
      demand(world, world.botId, channel, PERMISSION.manageWebhooks);
      const hook: Webhook = {
        id: world.ids.next(),
        token: randomBytes(51).toString('base64url'),
        name: readForm(form, call.json).name,
        channelId: channel.id,
        ownerId: world.botId,
      };
      world.webhooks.set(hook.id, hook);
      world.keep('webhook', hook.id, hook);
      world.dispatch({
        t: 'WEBHOOKS_UPDATE',
        d: { guild_id: world.guildId, channel_id: channel.id },
        intent: INTENT.guildWebhooks,
      });
      return ok(shown(world, hook));
    }),
    get('/channels/:channel/webhooks', (call) => {
      const channel = channelOf(world, param(call, 'channel'));
      demand(world, world.botId, channel, PERMISSION.manageWebhooks);
      return ok(
        [...world.webhooks.values()].filter((hook) => hook.channelId === channel.id).map((hook) => shown(world, hook)),
      );
    }),
    get('/webhooks/:webhook', (call) => ok(shown(world, known(call)))),
    del('/webhooks/:webhook', remove),
    tokenGet('/webhooks/:webhook/:token', (call) => ok(shown(world, known(call)))),
    tokenDelete('/webhooks/:webhook/:token', remove),
    tokenPost('/webhooks/:webhook/:token', (call) => (isInteraction(call) ? interaction.execute(call) : execute(call))),
    tokenGet(one, (call) => (isInteraction(call) ? interaction.read(call) : ok(target(call).stored.message))),
    tokenPatch(one, async (call) => {
      if (isInteraction(call)) return interaction.edit(call);
      const { channel, stored } = target(call);
      await editMessage(desk, channel, stored, call);
      return ok(stored.message);
    }),
    tokenDelete(one, (call) => {
      if (isInteraction(call)) return interaction.remove(call);
      const { channel, stored } = target(call);
      removeMessages(world, channel, [stored]);
      return nothing;
    }),
  ];
}
