import { randomBytes } from 'node:crypto';
import type { APIMessage } from 'discord-api-types/v10';
import { ApiError } from './api-error.ts';
import { LARGEST_FILE } from './attachments.ts';
import { INTENT, INTERACTION } from './bits.ts';
import { permissionString, wireChannel, wireMemberPart, wireUser } from './wire-guild.ts';
import type { Channel, StoredMessage, World } from './world.ts';

/** A bot must answer within this time, else the interaction is dead. */
const ACK_WITHIN_MS = 3000;
/** After its creation a token works this long. */
const TOKEN_LIVES_MS = 900_000;

/** One suggestion while an option is typed. */
export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

/** One press, command or form on its way to the bot and back. */
export interface Interaction {
  readonly id: string;
  readonly token: string;
  /** 2 command, 3 component, 4 autocomplete, 5 modal. */
  readonly kind: number;
  readonly userId: string;
  readonly channel: Channel;
  readonly createdAt: number;
  /** The page's own mark, returned with "did not respond". */
  readonly nonce: string;
  /** The message that a button, select or its modal hangs on. */
  readonly source: StoredMessage | undefined;
  /** What messages born of it carry as `interaction_metadata`. */
  readonly metadata: object;
  readonly commandName: string | undefined;
  ackedAt: number | undefined;
  /** The message that `@original` names. */
  original: StoredMessage | undefined;
  readonly settle: ((choices: readonly Choice[]) => void) | undefined;
  forgetDeadline: () => void;
}

/** All open interactions, found again by their tokens. */
export interface Interactions {
  open(spec: {
    kind: number;
    userId: string;
    channel: Channel;
    nonce: string;
    data: object;
    source?: StoredMessage;
    trigger?: object;
    commandName?: string;
    settle?: (choices: readonly Choice[]) => void;
  }): Interaction;
  /** For the callback: 10062 when unknown or too late, 40060 when answered already. */
  awaiting(id: string, token: string): Interaction;
  /** For the webhook routes: 50027 after 15 minutes, 10015 when unknown or never answered. */
  answered(token: string): Interaction;
}

const metadataOf = (
  spec: { kind: number; userId: string; trigger?: object; source?: StoredMessage },
  id: string,
  world: World,
): object => ({
  id,
  type: spec.kind,
  user: wireUser(world, spec.userId),
  authorizing_integration_owners: { 0: world.guildId },
  ...(spec.kind === INTERACTION.component && { interacted_message_id: spec.source?.message.id }),
  ...(spec.kind === INTERACTION.modal && spec.trigger && { triggering_interaction_metadata: spec.trigger }),
});

/** Every open interaction with its token, its three seconds and its quarter of an hour. */
export function createInteractions(world: World): Interactions {
  const byToken = new Map<string, Interaction>();

  const prune = (): void => {
    const oldest = world.clock.now() - 4 * TOKEN_LIVES_MS;
    for (const [token, one] of byToken) {
      if (one.createdAt >= oldest) return;
      byToken.delete(token);
    }
  };

  const payload = (interaction: Interaction, data: object): object => {
    const { channel, userId } = interaction;
    const inGuild = channel.kind !== 'direct';
    const member = world.members.get(userId);
    const user = wireUser(world, userId);
    return {
      id: interaction.id,
      application_id: world.applicationId,
      type: interaction.kind,
      token: interaction.token,
      version: 1,
      data,
      channel_id: channel.id,
      channel: { ...wireChannel(world, channel), permissions: permissionString(world, userId, channel) },
      locale: 'en-US',
      app_permissions: permissionString(world, world.botId, channel),
      entitlements: [],
      entitlement_sku_ids: [],
      authorizing_integration_owners: { 0: inGuild ? world.guildId : '0' },
      context: inGuild ? 0 : 1,
      attachment_size_limit: LARGEST_FILE,
      ...(interaction.source && { message: interaction.source.message }),
      ...(inGuild && member
        ? {
            guild_id: world.guildId,
            guild: { id: world.guildId, locale: 'en-US', features: [] },
            guild_locale: 'en-US',
            member: { ...wireMemberPart(member), user, permissions: permissionString(world, userId, channel) },
          }
        : { user }),
    };
  };

  return {
    open(spec) {
      prune();
      const id = world.ids.next();
      const interaction: Interaction = {
        id,
        token: randomBytes(96).toString('base64url'),
        kind: spec.kind,
        userId: spec.userId,
        channel: spec.channel,
        createdAt: world.clock.now(),
        nonce: spec.nonce,
        source: spec.source,
        metadata: metadataOf(spec, id, world),
        commandName: spec.commandName,
        ackedAt: undefined,
        original: undefined,
        settle: spec.settle,
        forgetDeadline: () => {},
      };
      byToken.set(interaction.token, interaction);
      interaction.forgetDeadline = world.clock.at(interaction.createdAt + ACK_WITHIN_MS, () => {
        if (interaction.ackedAt !== undefined) return;
        spec.settle?.([]);
        world.tell(
          { type: 'interaction_failed', nonce: spec.nonce, reason: 'The application did not respond.' },
          spec.userId,
        );
      });
      world.dispatch({ t: 'INTERACTION_CREATE', d: payload(interaction, spec.data), intent: INTENT.none });
      return interaction;
    },
    awaiting(id, token) {
      const interaction = byToken.get(token);
      if (!interaction || interaction.id !== id) throw new ApiError(10062);
      if (interaction.ackedAt !== undefined) throw new ApiError(40060);
      if (world.clock.now() > interaction.createdAt + ACK_WITHIN_MS) throw new ApiError(10062);
      return interaction;
    },
    answered(token) {
      const interaction = byToken.get(token);
      if (!interaction) throw new ApiError(10015);
      if (world.clock.now() > interaction.createdAt + TOKEN_LIVES_MS) throw new ApiError(50027);
      if (interaction.ackedAt === undefined) throw new ApiError(10015);
      return interaction;
    },
  };
}

/** What a message that answers an interaction carries besides its words. */
export function answerMarks(world: World, interaction: Interaction): Partial<APIMessage> {
  const { kind, metadata, userId, id, commandName } = interaction;
  return {
    application_id: world.applicationId,
    webhook_id: world.applicationId,
    interaction_metadata: metadata,
    ...(kind === INTERACTION.command && {
      type: 20,
      interaction: { id, type: 2, name: commandName ?? '', user: wireUser(world, userId) },
    }),
  } as unknown as Partial<APIMessage>;
}
