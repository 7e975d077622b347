import type { APIMessage } from 'discord-api-types/v10';
import { ApiError } from './api-error.ts';
import { MESSAGE_FLAG } from './bits.ts';
import { fileAnswer } from './callback-route.ts';
import { composeMessage, type Desk, editMessage } from './compose.ts';
import { answerMarks, type Interaction, type Interactions } from './interactions.ts';
import { removeMessages } from './messages.ts';
import { type Call, nothing, ok, param, type Reply } from './route.ts';
import type { StoredMessage } from './world.ts';

const FOLLOW_UP_FLAGS =
  MESSAGE_FLAG.suppressEmbeds | MESSAGE_FLAG.ephemeral | MESSAGE_FLAG.suppressNotifications | MESSAGE_FLAG.componentsV2;

const isLoading = (stored: StoredMessage | undefined): boolean =>
  ((stored?.message.flags ?? 0) & MESSAGE_FLAG.loading) !== 0;

function target(interaction: Interaction, messageId: string, world: Desk['world']): StoredMessage {
  const stored =
    messageId === '@original' ? interaction.original : world.messages.get(interaction.channel.id)?.get(messageId);
  if (!stored || stored.deleted) throw new ApiError(10008);
  if (stored.message.webhook_id !== world.applicationId && stored !== interaction.source) throw new ApiError(10008);
  return stored;
}

/** What the webhook paths do when the token is an interaction's. */
export interface TokenRoutes {
  execute(call: Call): Promise<Reply>;
  read(call: Call): Reply;
  edit(call: Call): Promise<Reply>;
  remove(call: Call): Reply;
}

/** The webhook that every interaction's token opens for 15 minutes. */
export function interactionWebhook(desk: Desk, interactions: Interactions): TokenRoutes {
  const { world } = desk;
  const opened = (call: Call): Interaction => interactions.answered(param(call, 'token'));
  return {
    async execute(call) {
      const interaction = opened(call);
      const original = interaction.original;
      // the first follow-up after "thinking" is the answer itself
      if (original && !original.deleted && isLoading(original)) {
        await editMessage(desk, interaction.channel, original, call);
        return ok(original.message);
      }
      const reference = original && !original.deleted && original !== interaction.source ? original.message : undefined;
      const { message } = await composeMessage(desk, interaction.channel, call, {
        allowedFlags: FOLLOW_UP_FLAGS,
        authorId: world.botId,
        extra: {
          ...answerMarks(world, interaction),
          type: reference ? 19 : 0,
          ...(reference && {
            message_reference: {
              type: 0,
              channel_id: interaction.channel.id,
              message_id: reference.id,
              ...(interaction.channel.kind !== 'direct' && { guild_id: world.guildId }),
            },
          }),
        } as Partial<APIMessage>,
      });
      return ok(fileAnswer(desk, interaction, message).message);
    },
    read: (call) => ok(target(opened(call), param(call, 'message'), world).message),
    async edit(call) {
      const interaction = opened(call);
      const stored = target(interaction, param(call, 'message'), world);
      await editMessage(desk, interaction.channel, stored, call);
      return ok(stored.message);
    },
    remove(call) {
      const interaction = opened(call);
      removeMessages(world, interaction.channel, [target(interaction, param(call, 'message'), world)]);
      return nothing;
    },
  };
}
