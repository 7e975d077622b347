import type { APIMessage } from 'discord-api-types/v10';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { PersonState } from '../../../src/sandbox/discord/person-api.ts';
import { Session } from '../../../src/sandbox/page/client/session.ts';
import { BOT, CHANNELS, GENERAL, PEOPLE, PLANS, usedBy, wireMessage } from './fake-world.ts';

const OWNER = PEOPLE[0].id;
const state = {
  users: PEOPLE,
  botId: BOT.id,
  guild: { id: '1', name: 'g' },
  channels: CHANNELS,
  commands: [],
  botOnline: true,
} as unknown as PersonState;
let now = 0;
let session: Session;

const message = (parts: Record<string, unknown> = {}, channelId = GENERAL): APIMessage =>
  wireMessage(channelId, BOT.id, parts) as unknown as APIMessage;
const shown = (): string[] => session.messages(GENERAL).map((one) => one.content);
const begin = (nonce: string, parts: Partial<Parameters<Session['begin']>[0]>): void =>
  session.begin({ nonce, kind: 'slash', channelId: GENERAL, ...parts });

beforeEach(() => {
  now = 1_000;
  session = new Session(() => now);
  session.replace(state, OWNER);
  session.open(GENERAL);
});

describe('messages', () => {
  test('an edit that overtakes the list wins over the copy in the list', () => {
    const old = message({ content: 'thinking' });
    const askedAt = session.turn();
    session.apply({ type: 'message_update', message: { ...old, content: 'answer' } });
    session.setMessages(GENERAL, [old], askedAt);
    expect(shown()).toEqual(['answer']);
  });

  test('a message deleted while the list travels does not come back', () => {
    const gone = message({ content: 'gone' });
    const askedAt = session.turn();
    session.apply({ type: 'message_delete', channelId: GENERAL, id: gone.id });
    session.setMessages(GENERAL, [gone], askedAt);
    expect(shown()).toEqual([]);
  });

  test('a dismissed private message stays away after a fresh copy', () => {
    const mine = message({ content: 'private', flags: 64 });
    session.apply({ type: 'message', message: mine });
    session.dismiss(GENERAL, mine.id);
    session.setMessages(GENERAL, [mine], session.turn());
    expect(shown()).toEqual([]);
  });

  test('however list and stream are interleaved, the newest words are shown once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 12 }), fc.nat(12), (edits, listAt) => {
        const fresh = new Session(() => 0);
        fresh.replace(state, OWNER);
        const base = [0, 1, 2, 3].map(() => message({ content: '0' }));
        const server = base.map((one) => one);
        const askedAt = fresh.turn();
        let list: APIMessage[] | undefined;
        for (const [at, which] of edits.entries()) {
          if (at === listAt) list = [...server];
          const next = { ...(server[which] ?? message()), content: String(at + 1) };
          server[which] = next;
          fresh.apply({ type: 'message_update', message: next });
        }
        fresh.setMessages(GENERAL, list ?? base, askedAt);
        expect(new Set(fresh.messages(GENERAL).map((one) => one.content))).toEqual(
          new Set(server.map((one) => one.content)),
        );
      }),
    );
  });
});

describe('what waits for an answer', () => {
  test('ends with its own answer, whatever else waits', () => {
    begin('1', { command: 'price' });
    begin('2', { command: 'movers' });
    session.apply({ type: 'message', message: message(usedBy(OWNER, 'movers')) });
    expect([...session.pending.keys()]).toEqual(['1']);
    session.apply({ type: 'message', message: message(usedBy(OWNER, 'price')) });
    expect(session.pending.size).toBe(0);
  });

  test('does not end with the answer to another member', () => {
    begin('1', { command: 'price' });
    session.apply({ type: 'message', message: message(usedBy(PEOPLE[1].id, 'price')) });
    expect(session.pending.size).toBe(1);
  });

  test('a press ends with the edit of its message', () => {
    const card = message();
    begin('1', { kind: 'press', messageId: card.id, customId: 'why' });
    session.apply({ type: 'message_update', message: card });
    expect(session.pending.size).toBe(0);
  });

  test('a modal ends the press that opened it', () => {
    begin('1', { command: 'risk' });
    session.apply({ type: 'modal', modalId: 'm', modal: { title: 'Risk', custom_id: 'r', components: [] } });
    expect(session.pending.size).toBe(0);
  });

  test('a failure stays to be read, and silence is let go after 15 s', () => {
    begin('1', { command: 'price' });
    begin('2', { kind: 'press', messageId: '5', customId: 'why' });
    session.apply({ type: 'interaction_failed', nonce: '1', reason: 'No answer within 3 s.' });
    now += 15_001;
    session.expire();
    expect([...session.pending.values()].map((one) => one.failed)).toEqual(['No answer within 3 s.']);
  });
});

describe('marks', () => {
  test('a message elsewhere marks its channel, a mention counts, opening clears', () => {
    session.apply({ type: 'message', message: message({ mentions: [{ id: OWNER, username: 'olivia' }] }, PLANS) });
    session.apply({ type: 'message', message: message({}, PLANS) });
    expect(session.unread.get(PLANS)).toEqual({ count: 2, mentions: 1 });
    session.open(PLANS);
    expect(session.unread.has(PLANS)).toBe(false);
  });

  test('typing ends with the message, or after ten seconds', () => {
    session.apply({ type: 'typing', channelId: GENERAL, userId: BOT.id });
    expect(session.typing(GENERAL)).toEqual([BOT.id]);
    session.apply({ type: 'message', message: message() });
    expect(session.typing(GENERAL)).toEqual([]);
    session.apply({ type: 'typing', channelId: GENERAL, userId: BOT.id });
    now += 10_001;
    expect(session.typing(GENERAL)).toEqual([]);
  });
});
