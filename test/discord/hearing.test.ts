import type { APIMessage } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { createConversation, type Heard } from '../../src/discord/conversation.ts';
import { AppError } from '../../src/kit/errors.ts';
import { createHandClock, settle } from '../kit/hand-clock.ts';
import { answerCard } from './talk.ts';

const BOT = '1';
const textOf = (card: Card): string => card.blocks.map((block) => (block.kind === 'text' ? block.text : '')).join('\n');

/** A conversation whose Discord is a list of what was posted where. */
function house(
  over: {
    readonly startThread?: () => Promise<never>;
    readonly read?: () => Promise<readonly APIMessage[]>;
    readonly isOnlyWith?: () => Promise<boolean>;
  } = {},
) {
  const posted: string[] = [];
  const asked: string[] = [];
  const warned: string[] = [];
  const note = (channelId: string, card: Card): void => void posted.push(`${channelId} ${textOf(card)}`);
  const clock = createHandClock();
  const conversation = createConversation({
    answer: async ({ text, audience }) => {
      asked.push(`${text} (${audience})`);
      return { card: answerCard('Done.'), more: [] };
    },
    posts: {
      post: async (channelId, card) => {
        note(channelId, card);
        return { messageId: String(posted.length) };
      },
      edit: async (channelId, _messageId, card) => note(channelId, card),
      read: async () => [],
      readOne: () => Promise.reject(new AppError('not_found', 'gone')),
      startThread: async (_channelId, messageId) => ({ threadId: messageId }),
      openPrivateThread: async () => ({ threadId: '55' }),
      isOnlyWith: async () => true,
      ...over,
    },
    ownId: () => BOT,
    after: clock.setTimer,
    log: { info: () => {}, warn: (...line: unknown[]) => void warned.push(String(line.at(-1))), error: () => {} },
  });
  return { conversation, posted, asked, warned, clock };
}

/** The first message of the private thread that was opened for member 7. */
const opening = {
  id: '45',
  author: { id: BOT },
  components: [
    {
      type: 17,
      components: [
        { type: 10, content: '### Question' },
        { type: 10, content: '<@7> asks:\nmy trades' },
      ],
    },
  ],
} as unknown as APIMessage;

const heard = (over: Partial<Heard> = {}): Heard => ({
  id: '900',
  text: `<@${BOT}> breadth?`,
  caller: { memberId: '7', name: 'Ann', tier: 'free' },
  place: { channelId: '33' },
  isMention: true,
  toOthers: false,
  hasFiles: false,
  ...over,
});

describe('a message', () => {
  it('that is told twice is answered once', async () => {
    const { conversation, asked } = house();
    await conversation.hear(heard());
    await conversation.hear(heard());
    for (let i = 0; i < 20; i += 1) await settle();
    expect(asked).toEqual(['breadth? (shared)']);
  });

  it('of more than 2,500 characters gets one sentence with its length, where it was written, and opens no thread', async () => {
    const { conversation, posted, asked } = house({ startThread: () => Promise.reject(new Error('opened')) });
    await conversation.hear(heard({ text: `<@${BOT}> ${'x'.repeat(2_731)}` }));
    expect(posted).toEqual([
      '33 That has 2731 characters; a question has 1 to 2500. Nothing of it was read: ask again, shorter.',
    ]);
    expect(asked).toEqual([]);
  });

  it('that is only a picture is told that words are needed', async () => {
    const { conversation, posted } = house();
    await conversation.hear(heard({ text: `<@${BOT}>`, hasFiles: true }));
    expect(posted).toEqual(['33 I read words, not pictures or files: write the question.']);
  });

  it('in a thread of members is heard only by name, and nothing private is read there', async () => {
    const { conversation, asked } = house();
    const thread = { id: '44', parentId: '33', isPrivate: true, isOurs: false };
    await conversation.hear(
      heard({ id: '901', text: 'breadth?', isMention: false, place: { channelId: '44', thread } }),
    );
    await conversation.hear(heard({ id: '902', place: { channelId: '44', thread } }));
    for (let i = 0; i < 20; i += 1) await settle();
    expect(asked).toEqual(['breadth? (shared)']);
  });

  it('in the private thread of somebody else reads nothing private of its author', async () => {
    const { conversation, asked } = house({ read: async () => [opening] });
    const thread = { id: '44', parentId: '33', isPrivate: true, isOurs: true };
    const place = { channelId: '44', thread };
    const says = (id: string, memberId: string) =>
      conversation.hear(
        heard({ id, text: 'my trades', isMention: false, place, caller: { memberId, name: 'N', tier: 'free' } }),
      );
    await says('901', '7');
    await says('902', '8');
    for (let i = 0; i < 40; i += 1) await settle();
    expect(asked).toEqual(['my trades (private)', 'my trades (shared)']);
  });

  it.each([
    ['Discord says that others are in it', async () => false],
    ['Discord does not say who is in it', () => Promise.reject(new AppError('unavailable', 'away'))],
    ['Discord takes longer than a second to say it', () => new Promise<boolean>(() => {})],
  ])('in the own private thread reads nothing private when %s', async (_why, isOnlyWith) => {
    const { conversation, asked, clock } = house({ read: async () => [opening], isOnlyWith });
    const thread = { id: '44', parentId: '33', isPrivate: true, isOurs: true };
    await conversation.hear(heard({ text: 'my trades', isMention: false, place: { channelId: '44', thread } }));
    for (let i = 0; i < 20; i += 1) await settle();
    await clock.advance(1_000);
    for (let i = 0; i < 20; i += 1) await settle();
    expect(asked).toEqual(['my trades (shared)']);
  });

  it('in a thread of ours that cannot be read now is not taken for a private talk', async () => {
    const { conversation, asked, warned } = house({ read: () => Promise.reject(new AppError('unavailable', 'away')) });
    const thread = { id: '44', parentId: '33', isPrivate: true, isOurs: true };
    await conversation.hear(heard({ place: { channelId: '44', thread } }));
    for (let i = 0; i < 20; i += 1) await settle();
    expect(asked).toEqual(['breadth? (shared)']);
    expect(warned).toContain('a thread could not be told apart');
  });

  it('under which no thread may be opened gets a sentence in the channel', async () => {
    const { conversation, posted, asked } = house({
      startThread: () => Promise.reject(new AppError('unauthenticated', 'no')),
    });
    await conversation.hear(heard());
    expect(posted).toEqual([expect.stringMatching(/^33 I may open no thread here: give me Create Public Threads/)]);
    expect(asked).toEqual([]);
  });
});
