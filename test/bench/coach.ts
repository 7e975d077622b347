import { setTimeout as pause } from 'node:timers/promises';
import { atNewYork } from '../../src/domain/session.ts';
import { scripts, startScriptedModel } from '../coach/scripted-model.ts';
import { type House, openHouse, textOf } from '../e2e/house.ts';
import { type Row, row, rowAt } from './row.ts';
import { timed } from './slash.ts';
import { percentile } from './stats.ts';

const COMMANDS = ['status', 'price', 'breadth'];
const EACH = 70;
const WARM_UP = 3;
const HANGING = 8;
const PAUSE_MS = 60;
const APART_MS = 1_200;
const LONGEST_WAIT_MS = 30_000;

/** Slash commands beside a hung model, and how long its threads wait for their honest answer. */
export async function measureCoach(): Promise<Row[]> {
  const model = await startScriptedModel(scripts.dead);
  const env = { OPENAI_API_KEY: 'bench-key', OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: 'hung' };
  const house = await openHouse({ env });
  try {
    await house.runTo(atNewYork('2015-12-23', '10:12'));
    const waits: number[] = [];
    let measuring = true;
    const members = Array.from({ length: HANGING }, async (_, i) => {
      // Discord opens five threads of a channel in five seconds
      await pause(i * APART_MS);
      while (measuring) waits.push(await waitedFor(house));
    });
    // all of them hang before anything is measured
    while (model.asked.length < HANGING) await pause(20);
    const acks: number[] = [];
    for (let count = -WARM_UP; count < EACH; count += 1) {
      for (const command of COMMANDS) {
        const { ack } = await timed(house, command, 'GOOG');
        if (count >= 0) acks.push(ack);
        await pause(PAUSE_MS);
      }
    }
    measuring = false;
    await Promise.all(members);
    return [
      rowAt(percentile(acks, 50), 'slash to acknowledgement, p50', 'ms', acks),
      rowAt(percentile(acks, 99), 'slash to acknowledgement, p99', 'ms', acks, '<= 500'),
      rowAt(percentile(waits, 99), 'question to the honest answer in its thread, p99', 'ms', waits, '<= 20,000'),
      row('questions that hung', 'questions', [waits.length]),
    ];
  } finally {
    await house.stop();
    await model.stop();
  }
}

/** Milliseconds from a message that names the bot to the answer in its thread. */
async function waitedFor({ discord }: House): Promise<number> {
  const { person, users, botId, channels } = discord;
  const done = Promise.withResolvers<void>();
  const startedAt = performance.now();
  const { id } = person.say({ as: users.pro, channelId: channels.coach, content: `<@${botId}> how is breadth?` });
  const stop = person.listen(users.pro, (event) => {
    if (event.type !== 'message' && event.type !== 'message_update') return;
    if (event.message.channel_id === id && textOf(event.message).includes('no answer in time')) done.resolve();
  });
  const limit = setTimeout(() => done.reject(new Error('a thread got no answer')), LONGEST_WAIT_MS);
  try {
    await done.promise;
    return performance.now() - startedAt;
  } finally {
    clearTimeout(limit);
    stop();
  }
}
