import type { APIMessage } from 'discord-api-types/v10';
import { z } from 'zod';
import { formError } from './api-error.ts';
import { CALLBACK, INTERACTION, MESSAGE_FLAG } from './bits.ts';
import { composeMessage, type Desk, editMessage } from './compose.ts';
import { readForm } from './form.ts';
import { answerMarks, type Interaction, type Interactions } from './interactions.ts';
import { addMessage } from './messages.ts';
import type { Modals } from './modals.ts';
import { type Call, callbackPost, nothing, ok, param, type Reply, type Route } from './route.ts';
import { iso, wireUser } from './wire-guild.ts';
import type { StoredMessage } from './world.ts';

const ANSWER_FLAGS =
  MESSAGE_FLAG.suppressEmbeds | MESSAGE_FLAG.ephemeral | MESSAGE_FLAG.suppressNotifications | MESSAGE_FLAG.componentsV2;

const envelope = z.object({ type: z.int(), data: z.record(z.string(), z.unknown()).nullish() });
const choices = z.object({
  choices: z
    .array(
      z.object({
        name: z.string().min(1).max(100),
        value: z.union([z.string().max(100), z.number()]),
      }),
    )
    .max(25),
});

const fits = (interaction: Interaction, type: number): boolean => {
  const isAutocomplete = interaction.kind === INTERACTION.autocomplete;
  if (isAutocomplete || type === CALLBACK.choices) return isAutocomplete && type === CALLBACK.choices;
  if (type === CALLBACK.deferredUpdate || type === CALLBACK.update) return interaction.source !== undefined;
  if (type === CALLBACK.modal) return interaction.kind !== INTERACTION.modal;
  return type === CALLBACK.message || type === CALLBACK.deferred;
};

const isEphemeral = (message: APIMessage): boolean => ((message.flags ?? 0) & MESSAGE_FLAG.ephemeral) !== 0;

/** Files a message that answers an interaction; an ephemeral one only for the asker. */
export function fileAnswer(desk: Desk, interaction: Interaction, message: APIMessage): StoredMessage {
  const stored: StoredMessage = { message, ...(isEphemeral(message) && { ephemeralFor: interaction.userId }) };
  return addMessage(desk.world, interaction.channel, stored);
}

function loadingMessage(desk: Desk, interaction: Interaction, flags: number): APIMessage {
  return {
    id: desk.world.ids.next(),
    type: 0,
    channel_id: interaction.channel.id,
    author: wireUser(desk.world, desk.world.botId),
    content: '',
    timestamp: iso(desk.world.clock.now()),
    edited_timestamp: null,
    tts: false,
    mentions: [],
    mention_roles: [],
    mention_everyone: false,
    attachments: [],
    embeds: [],
    components: [],
    pinned: false,
    flags: (flags & MESSAGE_FLAG.ephemeral) | MESSAGE_FLAG.loading,
    ...answerMarks(desk.world, interaction),
  } as unknown as APIMessage;
}

function receipt(desk: Desk, interaction: Interaction, type: number): object {
  const { original, channel, id, kind } = interaction;
  const isMessage = type === CALLBACK.message || type === CALLBACK.deferred;
  const withMessage = isMessage || type === CALLBACK.update || type === CALLBACK.deferredUpdate;
  return {
    interaction: {
      id,
      type: kind,
      channel_id: channel.id,
      ...(channel.kind !== 'direct' && { guild_id: desk.world.guildId }),
      ...(withMessage &&
        original && {
          response_message_id: original.message.id,
          response_message_loading: type === CALLBACK.deferred,
          response_message_ephemeral: original.ephemeralFor !== undefined,
        }),
    },
    ...(withMessage && original && { resource: { type: isMessage ? 4 : 7, message: original.message } }),
  };
}

/** `POST /interactions/{id}/{token}/callback`: the one answer that a press, a command or a modal gets. */
export function callbackRoute(desk: Desk, interactions: Interactions, modals: Modals): Route {
  const { world } = desk;

  const take = async (interaction: Interaction, type: number, data: unknown, call: Call): Promise<void> => {
    const body = { json: data ?? {}, files: call.files };
    const flags = Number((data as { flags?: unknown } | null | undefined)?.flags ?? 0);
    if (type === CALLBACK.choices) {
      const read = readForm(choices, data ?? {});
      interaction.settle?.(read.choices);
    } else if (type === CALLBACK.modal) {
      modals.show(interaction, data);
    } else if (type === CALLBACK.message) {
      const extra = answerMarks(world, interaction);
      const { message } = await composeMessage(desk, interaction.channel, body, {
        allowedFlags: ANSWER_FLAGS,
        authorId: world.botId,
        extra,
      });
      interaction.original = fileAnswer(desk, interaction, message);
    } else if (type === CALLBACK.deferred) {
      interaction.original = fileAnswer(desk, interaction, loadingMessage(desk, interaction, flags));
    } else if (interaction.source) {
      if (type === CALLBACK.update) await editMessage(desk, interaction.channel, interaction.source, body);
      interaction.original = interaction.source;
    }
  };

  const answer = async (call: Call): Promise<Reply> => {
    const interaction = interactions.awaiting(param(call, 'interaction'), param(call, 'token'));
    const { type, data } = readForm(envelope, call.json);
    if (!fits(interaction, type))
      throw formError(
        ['type'],
        'INTERACTION_CALLBACK_TYPE_INVALID',
        `Type ${type} cannot answer an interaction of type ${interaction.kind}.`,
      );
    // claimed before anything is awaited: of two answers at once the second gets 40060
    interaction.ackedAt = world.clock.now();
    try {
      await take(interaction, type, data, call);
    } catch (err) {
      interaction.ackedAt = undefined;
      throw err;
    }
    interaction.forgetDeadline();
    return call.query.with_response === 'true' ? ok(receipt(desk, interaction, type)) : nothing;
  };

  return callbackPost('/interactions/:interaction/:token/callback', answer);
}
