import type { APIMessage } from 'discord-api-types/v10';
import { expect } from 'vitest';
import { coachCommand } from '../../commands/coach.ts';
import type { Card } from '../../src/cards/card.ts';
import type { Answer, Question } from '../../src/discord/answering.ts';
import type { ConversationDeps } from '../../src/discord/conversation.ts';
import type { PersonEvent } from '../../src/sandbox/discord/person-api.ts';
import type { DiscordOptions } from '../../src/sandbox/discord/server.ts';
import { textOf } from '../e2e/text-of.ts';
import { type BotStage, controlId, setBotStage } from './stage.ts';
import { stubCommands } from './stub-commands.ts';

type Who = 'owner' | 'pro' | 'free';

export const answerCard = (text: string, over: Partial<Card> = {}): Card => ({
  layout: 'container',
  tone: 'neutral',
  title: 'Coach',
  blocks: [{ kind: 'text', text }],
  ...over,
});

export const sourcesOf = (n: number): Card => ({
  layout: 'embed',
  tone: 'neutral',
  title: `Sources (${n})`,
  blocks: [{ kind: 'text', text: 'breadth → advancingPct' }],
  private: true,
});

/** The real bot on the embedded Discord with a coach that the test plays. */
export async function setTalk(
  over: Partial<ConversationDeps> & { readonly dataDir?: string } = {},
  discord: Partial<DiscordOptions> = {},
) {
  const { dataDir, ...deps } = over;
  const asked: Question[] = [];
  let play: Answer = async ({ text }) => ({ card: answerCard(`You asked: ${text}`), more: [] });
  const answer: Answer = (question) => {
    asked.push(question);
    return play(question);
  };
  const stage = await setBotStage({
    bot: { conversation: { answer, ...deps }, commands: [...stubCommands, coachCommand] },
    discord: { ...discord, ...(dataDir === undefined ? {} : { dataDir }) },
  });
  await stage.bot.start();
  return {
    ...talkOn(stage),
    stage,
    asked,
    plays(next: Answer) {
      play = next;
    },
  };
}

let counter = 0;
const nonce = (): string => `t${++counter}`;

/** People who talk to a bot. */
function talkOn(stage: Pick<BotStage, 'discord' | 'hear' | 'answer'>) {
  const { discord, hear, answer } = stage;
  const messagesIn = (threadId: string, as: Who = 'pro'): string[] =>
    discord.person.messages(discord.users[as], threadId).map(textOf);
  return {
    messagesIn,
    /** The newest message of a thread once it fits. */
    async newest(threadId: string, fits: string, as: Who = 'pro'): Promise<APIMessage> {
      let last: APIMessage | undefined;
      await expect
        .poll(
          () => {
            last = discord.person.messages(discord.users[as], threadId).at(-1);
            return last && textOf(last);
          },
          { timeout: 10_000, interval: 20 },
        )
        .toContain(fits);
      if (!last) throw new Error('the thread is empty');
      return last;
    },
    say: (as: Who, channelId: string, content: string): APIMessage =>
      discord.person.say({ as: discord.users[as], channelId, content }),
    /** The next message or edit in a thread whose text fits. */
    async waitFor(as: Who, fits: (text: string) => boolean, act: () => unknown): Promise<APIMessage> {
      const event = await hear(
        discord.users[as],
        act,
        (each): each is Extract<PersonEvent, { message: APIMessage }> =>
          (each.type === 'message' || each.type === 'message_update') &&
          each.message.author.id === discord.botId &&
          fits(textOf(each.message)),
      );
      return event.message;
    },
    /** Types /coach and gives the private reply. */
    coach(
      as: Who,
      options: Readonly<Record<string, string>>,
      channelId: string = discord.channels.coach,
    ): Promise<APIMessage> {
      const typed = Object.entries(options).map(([name, value]) => ({ name, value }));
      return answer(
        discord.users[as],
        () =>
          discord.person.slash({ as: discord.users[as], channelId, nonce: nonce(), command: 'coach', options: typed }),
        (message) => message.interaction_metadata !== undefined,
      );
    },
    press(as: Who, message: APIMessage, label: string): Promise<APIMessage> {
      const { channel_id: channelId, id: messageId } = message;
      const customId = controlId(message, label);
      return answer(
        discord.users[as],
        () => discord.person.press({ as: discord.users[as], channelId, messageId, customId, nonce: nonce() }),
        (each) => each.interaction_metadata !== undefined,
      );
    },
  };
}

/** The thread that a private reply names. */
export const threadIn = (message: APIMessage): string => /<#(\d+)>/.exec(textOf(message))?.[1] ?? '';
