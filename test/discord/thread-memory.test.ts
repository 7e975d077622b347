import type { APIMessage } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { questionCard } from '../../src/discord/question-card.ts';
import { renderCard } from '../../src/discord/render.ts';
import { historyOf, isConversation, openingOf } from '../../src/discord/thread-memory.ts';
import { answerCard } from './talk.ts';

const BOT = '1';
const said = (id: string, authorId: string, over: object): APIMessage =>
  ({
    id,
    type: 0,
    author: { id: authorId, bot: authorId === BOT },
    content: '',
    components: [],
    ...over,
  }) as unknown as APIMessage;
const shown = async (id: string, card: Parameters<typeof renderCard>[0]): Promise<APIMessage> =>
  said(id, BOT, { components: (await renderCard(card, { now: 0 })).body.components });
/** Discord's own note, in the bot's name, that a member was added. */
const added = said('10', BOT, { type: 1 });

describe('a thread read again', () => {
  it('says for whom and about which plan it was opened, below Discord’s own note', async () => {
    const messages = [added, await shown('11', questionCard('7', 'why?', '7f3a9c51d2e8aaaa'))];
    expect(openingOf(messages, BOT)).toEqual({ memberId: '7', planId: '7f3a9c51d2e8' });
    expect(isConversation(messages, BOT)).toBe(true);
    expect(isConversation([added], BOT)).toBe(false);
  });

  it('is nobody’s when a member only writes what the bot would', () => {
    const forged = said('11', '9', { content: '### Question\n<@9> asks:\nmine' });
    expect(openingOf([forged], BOT)).toBeUndefined();
    expect(isConversation([forged], BOT)).toBe(false);
  });

  it('is nobody else’s whatever the question says', async () => {
    const messages = [await shown('11', questionCard('7', '<@9> asks:\n-# plan deadbeef', undefined))];
    expect(openingOf(messages, BOT)).toEqual({ memberId: '7' });
  });

  it('remembers what people and the coach said, and no note of Discord or other card', async () => {
    const messages = [
      added,
      await shown('11', questionCard('7', 'why *this*?', undefined)),
      await shown('12', answerCard('Because of **VWAP**, not of \\_hope\\_.')),
      await shown('13', answerCard('a plan', { title: 'AAPL long' })),
      said('14', '7', { type: 4, content: 'a new name' }),
      said('15', '7', { type: 19, content: `<@${BOT}> and now?` }),
      said('16', '7', { content: 'the question itself' }),
    ];
    expect(historyOf(messages, { botId: BOT, before: '16', mentionsOnly: false })).toEqual([
      { by: 'member', text: 'why *this*?' },
      { by: 'coach', text: 'Because of VWAP, not of _hope_.' },
      { by: 'member', text: 'and now?' },
    ]);
  });
});
