import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { PlanThread } from '../../src/discord/places.ts';
import { MESSAGE_FLAG, PERMISSION } from '../../src/sandbox/discord/bits.ts';
import { answerCard, setTalk, sourcesOf, threadIn } from './talk.ts';

type Talk = Awaited<ReturnType<typeof setTalk>>;

let talk: Talk;
afterEach(() => talk.stage.stop());

const wire = (method: string, path: string, body?: object): Promise<Response> =>
  fetch(`${talk.stage.discord.apiUrl}/v10${path}`, {
    method,
    headers: { authorization: 'Bot sandbox.discord.token-for-tests', 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

describe('after a restart', () => {
  it('a private thread goes on with its memory, its plan and its privacy', async () => {
    talk = await setTalk();
    const { discord } = talk.stage;
    const { pro } = discord.users;
    const { modalId } = await talk.stage.hear(
      pro,
      () =>
        discord.person.slash({
          as: pro,
          channelId: discord.channels.plans,
          nonce: 'p',
          command: 'coach',
          options: [{ name: 'plan-id', value: '7f3a9c51d2e8' }],
        }),
      (event): event is Extract<typeof event, { type: 'modal' }> => event.type === 'modal',
    );
    const reply = await talk.stage.answer(
      pro,
      () => discord.person.submitModal({ as: pro, modalId, values: { question: 'why *this*\nplan?' }, nonce: 'm' }),
      (message) => /<#\d+>/.test(JSON.stringify(message)),
    );
    const thread = threadIn(reply);
    await talk.newest(thread, 'You asked: why');
    await talk.stage.restart();
    talk.say('pro', thread, 'and the stop?');
    await talk.newest(thread, 'You asked: and the stop?');
    expect(talk.asked.at(-1)).toMatchObject({
      audience: 'private',
      planId: '7f3a9c51d2e8',
      history: [
        { by: 'member', text: 'why *this*\nplan?' },
        { by: 'coach', text: 'You asked: why *this*\nplan?' },
      ],
    });
  });

  it('a public thread goes on, and the list of an old answer is honestly gone', async () => {
    talk = await setTalk();
    talk.plays(async ({ text }) => ({ card: answerCard(`To ${text}: **62 %**.`), sources: sourcesOf(1), more: [] }));
    const { discord } = talk.stage;
    const thread = talk.say('pro', discord.channels.coach, `<@${discord.botId}> breadth?`).id;
    const answer = await talk.newest(thread, 'To breadth?: **62 %**.');
    await talk.stage.restart();
    talk.say('free', thread, 'and now?');
    await talk.newest(thread, 'To and now?');
    expect(talk.asked.at(-1)?.history.map(({ text }) => text)).toEqual(['breadth?', 'To breadth?: 62 %.']);
    const told = await talk.press('pro', answer, 'Sources (1)');
    expect(told.embeds[0]?.description).toMatch(/older than my last restart/);
    expect((told.flags ?? 0) & MESSAGE_FLAG.ephemeral).toBe(MESSAGE_FLAG.ephemeral);
  });
});

describe('in a thread', () => {
  it('one answer runs at a time, three questions wait, and the next is told so', async () => {
    talk = await setTalk();
    const { discord } = talk.stage;
    const gates = new Map<string, () => void>();
    talk.plays(async ({ text }) => {
      await new Promise<void>((resolve) => gates.set(text, resolve));
      return { card: answerCard(`Done: ${text}`), more: [] };
    });
    const thread = talk.say('pro', discord.channels.coach, `<@${discord.botId}> q0`).id;
    await expect.poll(() => gates.has('q0')).toBe(true);
    for (let i = 1; i <= 4; i += 1) talk.say('pro', thread, `q${i}`);
    await talk.newest(thread, 'Three questions wait here already');
    expect(talk.asked.map(({ text }) => text)).toEqual(['q0']);
    for (const text of ['q0', 'q1', 'q2', 'q3']) {
      await expect.poll(() => gates.has(text)).toBe(true);
      gates.get(text)?.();
    }
    await talk.newest(thread, 'Done: q3');
    expect(talk.asked.map(({ text }) => text)).toEqual(['q0', 'q1', 'q2', 'q3']);
    expect(
      talk.asked
        .at(-1)
        ?.history.filter(({ by }) => by === 'coach')
        .map(({ text }) => text),
    ).toEqual(['Done: q0', 'Done: q1', 'Done: q2']);
  });

  it('of a plan only a mention is answered, about that plan, and nothing private is read', async () => {
    const plans = new Map<string, PlanThread>();
    talk = await setTalk({ planOf: async (threadId) => plans.get(threadId) });
    const { discord, bot } = talk.stage;
    const { messageId } = await bot.post(discord.channels.plans, answerCard('AAPL long'), { nonce: 'head' });
    await bot.startThread(discord.channels.plans, messageId, 'AAPL long · 7f3a9c');
    plans.set(messageId, { planId: '7f3a9c51d2e8', memberId: null });
    talk.say('pro', messageId, 'nice one');
    talk.say('pro', messageId, `<@${discord.botId}> why this plan?`);
    await talk.newest(messageId, 'You asked: why this plan?');
    expect(talk.asked).toMatchObject([
      { planId: '7f3a9c51d2e8', audience: 'shared', text: 'why this plan?', history: [] },
    ]);
    talk.say('free', messageId, `<@${discord.botId}> and the stop?`);
    await talk.newest(messageId, 'You asked: and the stop?');
    expect(talk.asked.at(-1)?.history.map(({ text }) => text)).toEqual(['why this plan?', 'You asked: why this plan?']);
    const alone = threadIn(await talk.coach('pro', { question: 'and for me?' }, messageId));
    await talk.newest(alone, 'You asked: and for me?');
    expect(talk.asked.at(-1)).toMatchObject({ planId: '7f3a9c51d2e8', audience: 'private' });
  });

  it('that somebody else was let into nothing private is read any more', async () => {
    talk = await setTalk();
    const { discord } = talk.stage;
    const thread = threadIn(await talk.coach('pro', { question: 'my trades' }));
    await talk.newest(thread, 'You asked: my trades');
    expect(talk.asked.at(-1)?.audience).toBe('private');
    talk.say('pro', thread, 'and my setups?');
    await talk.newest(thread, 'You asked: and my setups?');
    expect(talk.asked.at(-1)?.audience).toBe('private');
    expect((await wire('PUT', `/channels/${thread}/thread-members/${discord.users.free}`)).status).toBe(204);
    talk.say('pro', thread, 'and my plans?');
    await talk.newest(thread, 'You asked: and my plans?');
    expect(talk.asked.at(-1)?.audience).toBe('shared');
    await talk.stage.restart();
    talk.say('pro', thread, 'and my risk?');
    await talk.newest(thread, 'You asked: and my risk?');
    expect(talk.asked.at(-1)?.audience).toBe('shared');
    talk.say('free', thread, 'and mine?');
    await talk.newest(thread, 'You asked: and mine?');
    expect(talk.asked.at(-1)?.audience).toBe('shared');
  });

  it('that is deleted under a running answer the bot goes on elsewhere', async () => {
    talk = await setTalk();
    const gate = Promise.withResolvers<void>();
    talk.plays(async ({ text }) => {
      if (text === 'first') await gate.promise;
      return { card: answerCard(`Done: ${text}`), more: [] };
    });
    const thread = threadIn(await talk.coach('pro', { question: 'first' }));
    await talk.newest(thread, 'Reading your question');
    expect((await wire('DELETE', `/channels/${thread}`)).status).toBe(200);
    gate.resolve();
    await expect
      .poll(() => talk.stage.logged.map(({ phrase }) => phrase))
      .toContain('the thread was gone before the answer');
    expect(talk.stage.logged.filter(({ level }) => level !== 'info')).toEqual([]);
    const next = threadIn(await talk.coach('pro', { question: 'second' }));
    await talk.newest(next, 'Done: second');
  });

  it('a question keeps its answer when Discord loses edits', async () => {
    talk = await setTalk();
    const { discord } = talk.stage;
    discord.faults.failNext(/^PATCH \/channels\/:channel\/messages\/:message/, 502, { times: 5 });
    const thread = threadIn(await talk.coach('pro', { question: 'first' }));
    await talk.newest(thread, 'You asked: first');
    expect(talk.messagesIn(thread)).toHaveLength(2);
  });
});

describe('where no thread can be opened', () => {
  it('the asker is told what is missing, and the question is not answered elsewhere', async () => {
    talk = await setTalk();
    const { discord } = talk.stage;
    const deny = String(PERMISSION.createPrivateThreads | PERMISSION.createPublicThreads);
    const done = await wire('PUT', `/channels/${discord.channels.coach}/permissions/${discord.botId}`, {
      type: 1,
      deny,
    });
    expect(done.status).toBe(204);
    const told = await talk.coach('pro', { question: 'breadth?' });
    expect(told.embeds[0]?.description).toMatch(/I need Create Private Threads and Send Messages in Threads here/);
    expect((told.flags ?? 0) & MESSAGE_FLAG.ephemeral).toBe(MESSAGE_FLAG.ephemeral);
    talk.say('pro', discord.channels.coach, `<@${discord.botId}> breadth?`);
    await talk.newest(discord.channels.coach, 'I may open no thread here');
    await pause(50);
    expect(talk.asked).toEqual([]);
  });
});
