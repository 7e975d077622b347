import { z } from 'zod';
import { ApiError } from './api-error.ts';
import type { Desk } from './compose.ts';
import { readForm, snowflake } from './form.ts';
import type { Gateway } from './gateway.ts';
import { get, ok, openGet, param, patch, post, type Route } from './route.ts';
import { wireChannel, wireUser } from './wire-guild.ts';
import type { World } from './world.ts';

const directForm = z.object({ recipient_id: snowflake });
const applicationForm = z.object({
  description: z.string().max(400).nullish(),
  tags: z.array(z.string().max(20)).max(5).nullish(),
});

function application(
  world: World,
  words: { description?: string | null | undefined; tags?: string[] | null | undefined },
): object {
  return {
    id: world.applicationId,
    name: 'Trading Coach',
    icon: null,
    description: words.description ?? '',
    ...(words.tags && { tags: words.tags }),
    type: null,
    bot: wireUser(world, world.botId),
    bot_public: false,
    bot_require_code_grant: false,
    verify_key: '0'.repeat(64),
    // message content, limited: granted to bots of fewer than 10,000 users
    flags: 1 << 19,
    flags_new: String(1 << 19),
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: wireUser(world, world.ownerId),
    approximate_guild_count: 1,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: ['bot', 'applications.commands'],
    install_params: { scopes: ['bot', 'applications.commands'], permissions: '0' },
    integration_types_config: {},
  };
}

/** What a client asks before anything else: who am I, where is the gateway, whose application. */
export function bootRoutes({ world }: Desk, gateway: Gateway): Route[] {
  let words: z.infer<typeof applicationForm> = {};
  const mine = { ...wireUser(world, world.botId), mfa_enabled: false, locale: 'en-US', verified: true, email: null };
  return [
    openGet('/gateway', () => ok({ url: gateway.url })),
    get('/gateway/bot', () => ok({ url: gateway.url, shards: 1, session_start_limit: gateway.startLimit })),
    get('/users/@me', () => ok(mine)),
    patch('/users/@me', () => ok(mine)),
    get('/users/:user', (call) => {
      const user = world.users.get(param(call, 'user'));
      if (!user) throw new ApiError(10013);
      return ok(user);
    }),
    post('/users/@me/channels', (call) => {
      const { recipient_id } = readForm(directForm, call.json);
      const channel = [...world.channels.values()].find((one) => one.kind === 'direct' && one.userId === recipient_id);
      if (!channel) throw new ApiError(world.users.has(recipient_id) ? 50007 : 50033);
      return ok(wireChannel(world, channel));
    }),
    get('/applications/@me', () => ok(application(world, words))),
    patch('/applications/@me', (call) => {
      words = { ...words, ...readForm(applicationForm, call.json) };
      return ok(application(world, words));
    }),
    get('/oauth2/applications/@me', () => ok(application(world, words))),
    get('/applications/:app/entitlements', () => ok([])),
    get('/applications/:app/skus', () => ok([])),
  ];
}
