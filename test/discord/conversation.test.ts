import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRequests } from '../contracts/discord/audit.ts';
import { answerCard, setTalk, sourcesOf, threadIn } from './talk.ts';

type Talk = Awaited<ReturnType<typeof setTalk>>;
const EPHEMERAL = 64;

describe('a question to the coach', () => {
  let talk: Talk;
  beforeAll(async () => {
    talk = await setTalk();
  });
  afterAll(() => talk.stage.stop());
  const room = () => talk.stage.discord.channels.coach;

  it('by /coach opens a private thread of the asker, and nobody else sees it or the reply', async () => {
    const { discord } = talk.stage;
    let thread = '';
    const final = await talk.waitFor(
      'pro',
      (text) => text.includes('You asked: is the market open?'),
      async () => {
        const reply = await talk.coach('pro', { question: 'is the market open?' });
        expect((reply.flags ?? 0) & EPHEMERAL).toBe(EPHEMERAL);
        thread = threadIn(reply);
      },
    );
    expect(final.channel_id).toBe(thread);
    expect(talk.asked.at(-1)).toMatchObject({ audience: 'private', history: [], text: 'is the market open?' });
    expect(talk.asked.at(-1)?.caller).toMatchObject({ memberId: discord.users.pro, channelId: thread });
    const seen = (as: 'pro' | 'free') => discord.person.state(discord.users[as]).channels.map(({ id }) => id);
    expect(seen('pro')).toContain(thread);
    expect(seen('free')).not.toContain(thread);
    expect(talk.messagesIn(thread)[0]).toBe(`### Question\n<@${discord.users.pro}> asks:\nis the market open?`);
    expect(discord.requests.find(({ route }) => route === 'POST /channels/:channel/threads')?.body).toMatchObject({
      type: 12,
      invitable: false,
      name: 'is the market open?',
    });
  });

  it('goes on in its thread with what was said before', async () => {
    const thread = threadIn(await talk.coach('pro', { question: 'first' }));
    await talk.newest(thread, 'You asked: first');
    await talk.waitFor(
      'pro',
      (text) => text.includes('You asked: and then?'),
      () => talk.say('pro', thread, 'and then?'),
    );
    expect(talk.asked.at(-1)?.history).toEqual([
      { by: 'member', text: 'first' },
      { by: 'coach', text: 'You asked: first' },
    ]);
    expect(talk.asked.at(-1)?.audience).toBe('private');
  });

  it('in a message that names the bot gets a public thread from that message, in which nothing private is read', async () => {
    const { discord } = talk.stage;
    let message = '';
    await talk.waitFor(
      'free',
      (text) => text.includes('You asked: how is breadth?'),
      () => {
        message = talk.say('pro', room(), `<@${discord.botId}> how is breadth?`).id;
      },
    );
    expect(talk.asked.at(-1)).toMatchObject({ audience: 'shared', text: 'how is breadth?', history: [] });
    await talk.waitFor(
      'pro',
      (text) => text.includes('You asked: and the Dow?'),
      () => talk.say('free', message, 'and the Dow?'),
    );
    expect(talk.asked.at(-1)?.history).toEqual([
      { by: 'member', text: 'how is breadth?' },
      { by: 'coach', text: 'You asked: how is breadth?' },
    ]);
    expect(talk.asked.at(-1)?.caller.memberId).toBe(discord.users.free);
  });

  it('is not taken from what members say to each other, or in threads of their own', async () => {
    const { discord } = talk.stage;
    const before = talk.asked.length;
    const thread = talk.say('pro', room(), `<@${discord.botId}> hello`).id;
    await talk.newest(thread, 'You asked: hello');
    talk.say('free', thread, `<@${discord.users.pro}> look at this`);
    talk.say('pro', room(), 'good morning');
    await talk.waitFor(
      'pro',
      (text) => text.includes('You asked: next'),
      () => talk.say('pro', thread, 'next'),
    );
    expect(talk.asked.length).toBe(before + 2);
  });

  it('by the form of a button with a plan is about that plan', async () => {
    const { discord } = talk.stage;
    const { pro } = discord.users;
    const { modalId, modal } = await talk.stage.hear(
      pro,
      () =>
        discord.person.slash({
          as: pro,
          channelId: room(),
          nonce: 'form',
          command: 'coach',
          options: [{ name: 'plan-id', value: '7f3a9c51d2e8' }],
        }),
      (event): event is Extract<typeof event, { type: 'modal' }> => event.type === 'modal',
    );
    expect(JSON.stringify(modal)).toMatch(/"style":2.*"max_length":2500/);
    await talk.waitFor(
      'pro',
      (text) => text.includes('You asked: why this plan?'),
      () => discord.person.submitModal({ as: pro, modalId, values: { question: 'why this plan?' }, nonce: 'm' }),
    );
    expect(talk.asked.at(-1)?.planId).toBe('7f3a9c51d2e8');
  });

  it('with a ticker alone asks for that ticker without a form', async () => {
    await talk.waitFor(
      'pro',
      (text) => text.includes('You asked: Tell me about AAPL'),
      () => talk.coach('pro', { symbol: 'aapl' }),
    );
  });

  it('that is too long is told its length, and nothing of it is read', async () => {
    const before = talk.asked.length;
    const told = await talk.coach('pro', { question: `${'x'.repeat(2_501)}` }).catch((err: unknown) => String(err));
    expect(typeof told === 'string' ? told : JSON.stringify(told)).toMatch(/2,?501/);
    expect(talk.asked.length).toBe(before);
  });

  it('in /coach within a private thread goes on there', async () => {
    const thread = threadIn(await talk.coach('pro', { question: 'one' }));
    await talk.newest(thread, 'You asked: one');
    expect(threadIn(await talk.coach('pro', { question: 'two' }, thread))).toBe(thread);
    await talk.newest(thread, 'You asked: two');
    expect(talk.asked.at(-1)).toMatchObject({
      audience: 'private',
      history: [{ text: 'one' }, { text: 'You asked: one' }],
    });
  });

  it('keeps the sources of an answer behind a button, for the presser alone', async () => {
    talk.plays(async () => ({ card: answerCard('Breadth is **62 %**.'), sources: sourcesOf(1), more: [] }));
    const thread = threadIn(await talk.coach('pro', { question: 'breadth' }));
    const final = await talk.newest(thread, '62 %');
    const list = await talk.press('pro', final, 'Sources (1)');
    expect((list.flags ?? 0) & EPHEMERAL).toBe(EPHEMERAL);
    expect(list.embeds[0]?.title).toBe('Sources (1)');
    expect(final.channel_id).toBe(thread);
  });

  it('sent nothing in all this that Discord would refuse, and nothing that could ping', () => {
    const { requests } = talk.stage.discord;
    expect(auditRequests(requests)).toEqual([]);
    const messages = requests.filter(({ method, route }) => method !== 'GET' && /messages(?:\/:message)?$/.test(route));
    expect(messages.length).toBeGreaterThan(20);
    for (const { body } of messages) expect(body).toMatchObject({ allowed_mentions: { parse: [] } });
    for (const { body } of messages)
      expect((body as { allowed_mentions: { users?: string[] } }).allowed_mentions.users ?? []).toEqual([]);
  });
});
