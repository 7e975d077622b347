import { type APIMessage, ComponentType, MessageType } from 'discord.js';

/** One thing that was said in a thread before. */
export interface Said {
  readonly by: 'member' | 'coach';
  readonly text: string;
}

/** Titles by which the bot knows its own messages again; members cannot write containers. */
export const TITLE = { question: 'Question', reading: 'Coach is reading', answer: 'Coach', notice: 'A note' } as const;

/** Twelve questions with their answers. */
const MOST_MEMORIES = 24;

/** What was said, oldest first, from the thread's own messages (oldest first); `mentionsOnly` where people also talk among themselves. */
export function historyOf(
  messages: readonly APIMessage[],
  { botId, before, mentionsOnly }: { botId: string; before: string; mentionsOnly: boolean },
): Said[] {
  const said = messages.flatMap((message): Said[] => {
    const isLater = BigInt(message.id) >= BigInt(before);
    // an answer that is there was given before, also when its question waited behind this one's sending
    if (message.author.id === botId) return ownWords(message).filter(({ by }) => by === 'coach' || !isLater);
    if (isLater || message.author.bot || !SPOKEN.has(message.type) || (mentionsOnly && !isMentioned(message, botId)))
      return [];
    return saidBy('member', withoutMention(message.content, botId));
  });
  return said.slice(-MOST_MEMORIES);
}

/** For whom the bot opened this private thread and about which plan, as its first message says. */
export function openingOf(
  messages: readonly APIMessage[],
  botId: string,
): { readonly memberId: string; readonly planId?: string } | undefined {
  const texts = firstWords(messages, botId);
  if (titleOf(texts) !== TITLE.question) return undefined;
  const memberId = OPENING.exec(texts[1] ?? '')?.[1];
  if (memberId === undefined) return undefined;
  const planId = PLAN_TAG.exec(texts.at(-1) ?? '')?.[1];
  return planId === undefined ? { memberId } : { memberId, planId };
}

/** Whether the bot's first words here are those of a conversation. */
export function isConversation(messages: readonly APIMessage[], botId: string): boolean {
  const title = titleOf(firstWords(messages, botId));
  return Object.values(TITLE).some((one) => one === title);
}

/** Discord itself notes in the bot's name whom it added, before the bot has said a word. */
function firstWords(messages: readonly APIMessage[], botId: string): string[] {
  const own = messages.filter((message) => message.author.id === botId).map(textsOf);
  return own.find((texts) => texts.length > 0) ?? [];
}

/** What people write; all other kinds are Discord's notes, a new name of the thread for example. */
const SPOKEN = new Set<MessageType>([MessageType.Default, MessageType.Reply]);

export const openingLine = (memberId: string): string => `<@${memberId}> asks:`;
export const planTag = (planId: string): string => `plan ${planId.slice(0, 12)}`;
const OPENING = /^<@(\d+)> asks:\n?/;
const PLAN_TAG = /^-# plan ([0-9a-f]{6,12})\b/;

/** A member's words without the bot's own name in them. */
export function withoutMention(content: string, botId: string): string {
  return content
    .replaceAll(new RegExp(`<@!?${botId}>`, 'g'), ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

export function isMentioned({ content }: Pick<APIMessage, 'content'>, botId: string): boolean {
  return new RegExp(`<@!?${botId}>`).test(content);
}

function ownWords(message: APIMessage): Said[] {
  const texts = textsOf(message);
  const title = titleOf(texts);
  const body = texts.slice(1).filter((text) => !text.startsWith('-# '));
  const words = body.join('\n').replace(/\\([\\`*_~|<>[\]@#:/+.-])/g, '$1');
  if (title === TITLE.question) return saidBy('member', words.replace(OPENING, ''));
  return title === TITLE.answer ? saidBy('coach', words.replaceAll('**', '')) : [];
}

const saidBy = (by: Said['by'], text: string): Said[] => (text.trim() === '' ? [] : [{ by, text: text.trim() }]);

function textsOf({ components = [] }: APIMessage): string[] {
  const box = components.find((one) => one.type === ComponentType.Container);
  return (box?.components ?? []).flatMap((one) => (one.type === ComponentType.TextDisplay ? [one.content] : []));
}

/** "Coach (2)" goes on where "Coach" had no room left. */
const titleOf = ([first = '']: readonly string[]): string => first.replace(/^### /, '').replace(/ \(\d+\)$/, '');
