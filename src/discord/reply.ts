import {
  type AutocompleteInteraction,
  type Interaction,
  MessageFlags,
  type RepliableInteraction,
  Routes,
} from 'discord.js';
import type { Card } from '../cards/card.ts';
import type { Clock } from '../kit/clock.ts';
import { renderCard } from './render.ts';
import { isAnsweredAlready, isDiscordsFault, persist, sendRendered } from './send.ts';

/** How an interaction was acknowledged, which decides how its answer is delivered. */
export type Ack = 'public' | 'private' | 'update';

export type Answerable = Exclude<Interaction, AutocompleteInteraction> & RepliableInteraction;

/** Tells Discord at once that an answer is coming; asks a second time when it was Discord that failed. */
export async function acknowledge(interaction: Answerable, ack: Ack): Promise<void> {
  const tell = async (): Promise<void> => {
    if (ack === 'update' && 'deferUpdate' in interaction) await interaction.deferUpdate();
    else await interaction.deferReply(ack === 'private' ? { flags: MessageFlags.Ephemeral } : {});
  };
  try {
    await tell();
  } catch (err) {
    if (!isDiscordsFault(err)) throw err;
    // the first may have arrived although its answer was lost
    await tell().catch((second: unknown) => {
      if (!isAnsweredAlready(second)) throw second;
    });
  }
}

/** Puts a card where its acknowledgement is; a private card never lands where others read. */
export async function deliver(
  interaction: Answerable,
  card: Card,
  { ack, command, clock, inPlace }: { ack: Ack; command: string; clock: Pick<Clock, 'now'>; inPlace: boolean },
): Promise<void> {
  const { applicationId, token, client } = interaction;
  const original = Routes.webhookMessage(applicationId, token, '@original');
  const layout = ack === 'update' && inPlace ? layoutOf(interaction) : undefined;
  const rendered = await renderCard(card, { now: clock.now(), command, layout });
  if (ack === 'private' || inPlace) {
    await persist(() => sendRendered(client.rest, 'patch', original, rendered, { auth: false }));
    return;
  }
  // what others would see is taken away first: after a public "thinking" the first follow-up would take its place
  if (ack === 'public') await persist(() => client.rest.delete(original, { auth: false }));
  const flags = (rendered.body.flags ?? 0) | MessageFlags.Ephemeral;
  await sendRendered(client.rest, 'post', Routes.webhook(applicationId, token), rendered, {
    auth: false,
    body: { flags },
  });
}

/** One private sentence as the first and last answer. */
export async function say(interaction: Answerable, sentence: string): Promise<void> {
  await interaction.reply({ content: sentence, flags: MessageFlags.Ephemeral, allowedMentions: { parse: [] } });
}

function layoutOf(interaction: Answerable): Card['layout'] | undefined {
  if (!interaction.isMessageComponent()) return undefined;
  return interaction.message.flags.has(MessageFlags.IsComponentsV2) ? 'container' : 'embed';
}
