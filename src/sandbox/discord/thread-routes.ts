import type { APIMessage } from 'discord-api-types/v10';
import { z } from 'zod';
import { ApiError } from './api-error.ts';
import { MESSAGE_FLAG, PERMISSION } from './bits.ts';
import type { Desk } from './compose.ts';
import { readForm } from './form.ts';
import { changeMessage, channelOf, publicMessage } from './messages.ts';
import { demand } from './permissions.ts';
import { type Call, created, del, get, nothing, ok, param, post, put, type Route } from './route.ts';
import { changeThreadMembers, demandOpen, startThread } from './threads.ts';
import { wireChannel, wireThreadMember } from './wire-guild.ts';
import type { Thread } from './world.ts';

const shape = {
  name: z.string().min(1).max(100),
  auto_archive_duration: z.literal([60, 1440, 4320, 10_080]).nullish(),
  rate_limit_per_user: z.int().min(0).max(21_600).nullish(),
};
const fromMessageForm = z.object(shape);
const freeForm = z.object({ ...shape, type: z.literal([11, 12]).nullish(), invitable: z.boolean().nullish() });

const extras = (form: z.infer<typeof fromMessageForm>): { autoArchiveMinutes?: number; rateLimitPerUser?: number } => ({
  ...(form.auto_archive_duration && { autoArchiveMinutes: form.auto_archive_duration }),
  ...(form.rate_limit_per_user != null && { rateLimitPerUser: form.rate_limit_per_user }),
});

/** Threads: opened from a message or free, their members, and the lists of active and archived ones. */
export function threadRoutes({ world }: Desk): Route[] {
  const threadAt = (call: Call): Thread => {
    const channel = channelOf(world, param(call, 'channel'));
    if (channel.kind !== 'thread') throw new ApiError(50024);
    return channel;
  };
  const listing = (threads: readonly Thread[]): object => ({
    threads: threads.map((one) => wireChannel(world, one)),
    members: threads
      .filter((one) => one.joinedAt[world.botId] !== undefined)
      .map((one) => wireThreadMember(one, world.botId)),
    has_more: false,
  });
  const threads = (match: (one: Thread) => boolean): Thread[] =>
    [...world.channels.values()].filter((one): one is Thread => one.kind === 'thread' && match(one));
  const archived = (call: Call, type: 11 | 12): Thread[] =>
    threads((one) => one.parentId === param(call, 'channel') && one.archived && one.type === type).sort(
      (a, b) => b.archiveChangedAt - a.archiveChangedAt,
    );
  const membership = (call: Call, on: boolean): typeof nothing => {
    const thread = threadAt(call);
    demand(world, world.botId, thread, PERMISSION.sendMessagesInThreads);
    demandOpen(thread);
    const user = param(call, 'user') || world.botId;
    if (!world.members.has(user)) throw new ApiError(10013);
    if (!on && user !== world.botId && thread.ownerId !== world.botId)
      demand(world, world.botId, thread, PERMISSION.manageThreads);
    changeThreadMembers(world, thread, on ? [user] : [], on ? [] : [user]);
    return nothing;
  };

  return [
    post('/channels/:channel/messages/:message/threads', (call) => {
      const parent = channelOf(world, param(call, 'channel'));
      demand(world, world.botId, parent, PERMISSION.createPublicThreads);
      const stored = publicMessage(world, parent.id, param(call, 'message'));
      const form = readForm(fromMessageForm, call.json);
      if (world.channels.has(stored.message.id)) throw new ApiError(160004);
      const thread = startThread(world, parent, {
        id: stored.message.id,
        name: form.name,
        type: 11,
        ownerId: world.botId,
        ...extras(form),
      });
      const flags = (stored.message.flags ?? 0) | MESSAGE_FLAG.hasThread;
      changeMessage(world, parent, stored, {
        flags,
        thread: wireChannel(world, thread),
      } as unknown as Partial<APIMessage>);
      return created(wireChannel(world, thread));
    }),
    post('/channels/:channel/threads', (call) => {
      const parent = channelOf(world, param(call, 'channel'));
      const form = readForm(freeForm, call.json);
      const type = form.type ?? 12;
      demand(
        world,
        world.botId,
        parent,
        type === 12 ? PERMISSION.createPrivateThreads : PERMISSION.createPublicThreads,
      );
      return created(
        wireChannel(
          world,
          startThread(world, parent, { name: form.name, type, ownerId: world.botId, ...extras(form) }),
        ),
      );
    }),
    get('/channels/:channel/thread-members', (call) => {
      const thread = threadAt(call);
      return ok(Object.keys(thread.joinedAt).map((id) => wireThreadMember(thread, id)));
    }),
    put('/channels/:channel/thread-members/@me', (call) => membership(call, true)),
    del('/channels/:channel/thread-members/@me', (call) => membership(call, false)),
    put('/channels/:channel/thread-members/:user', (call) => membership(call, true)),
    del('/channels/:channel/thread-members/:user', (call) => membership(call, false)),
    get('/channels/:channel/thread-members/:user', (call) => {
      const thread = threadAt(call);
      const user = param(call, 'user') === '@me' ? world.botId : param(call, 'user');
      if (thread.joinedAt[user] === undefined) throw new ApiError(10007);
      return ok(wireThreadMember(thread, user));
    }),
    get('/guilds/:guild/threads/active', () => ok(listing(threads((one) => !one.archived)))),
    get('/channels/:channel/threads/archived/public', (call) => ok(listing(archived(call, 11)))),
    get('/channels/:channel/threads/archived/private', (call) => ok(listing(archived(call, 12)))),
    get('/channels/:channel/users/@me/threads/archived/private', (call) =>
      ok(listing(archived(call, 12).filter((one) => one.joinedAt[world.botId] !== undefined))),
    ),
  ];
}
