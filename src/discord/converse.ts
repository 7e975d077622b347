import type { AnySelectMenuInteraction, ButtonInteraction } from 'discord.js';
import { z } from 'zod';
import type { Card } from '../cards/card.ts';
import { errorCard } from '../cards/error-card.ts';
import type { Caller } from '../command.ts';
import type { Clock } from '../kit/clock.ts';
import type { Conversation } from './conversation.ts';
import { placeOf } from './heard.ts';
import { type Answerable, acknowledge, deliver } from './reply.ts';

/** What a command that opens a conversation gives. */
const asked = z.object({ question: z.string(), planId: z.string().optional() });

/** Opens the thread for a command's question; the card tells the asker alone where it is, or why there is none. */
export async function threadCard(
  interaction: Answerable,
  output: unknown,
  { caller, conversation }: { caller: Caller; conversation: Pick<Conversation, 'open'> },
): Promise<Card> {
  const { question, planId } = asked.parse(output);
  const { id, channel, client } = interaction;
  const place = placeOf(channel, interaction.channelId ?? '', client.user.id);
  const opened = await conversation.open({ id, caller, place, question, planId });
  if (!opened.ok) return errorCard({ code: 'conflict', message: opened.sentence });
  return {
    layout: 'embed',
    tone: 'neutral',
    title: 'Coach',
    blocks: [{ kind: 'text', text: `Your question is in <#${opened.threadId}>; the answer comes there.` }],
    private: true,
  };
}

/** The list behind a "Sources" button, for the presser alone. */
export async function showSources(
  interaction: ButtonInteraction | AnySelectMenuInteraction,
  {
    conversation,
    clock,
    command,
  }: { conversation: Pick<Conversation, 'sourcesOf'>; clock: Pick<Clock, 'now'>; command: string },
): Promise<void> {
  await acknowledge(interaction, 'private');
  const card = conversation.sourcesOf(interaction.message.id) ?? errorCard({ code: 'not_found', message: FORGOTTEN });
  await deliver(interaction, card, { ack: 'private', command, clock, inPlace: true });
}

const FORGOTTEN = 'The sources of this answer are older than my last restart, or many answers old. Ask again.';
