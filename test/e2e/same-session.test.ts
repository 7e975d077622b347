import { expect, it } from 'vitest';
import { atNewYork } from '../../src/domain/session.ts';
import { type House, openHouse, textOf } from './house.ts';

const ON = '2015-12-23';
const TAKEN = { symbol: 'CMG', at: atNewYork(ON, '09:45') + 30_000 };
const ENDS_AT = atNewYork(ON, '16:03');

/** Everything that one replay told: each plan, what happened to it in order, and what came of the member's trade. */
async function told(): Promise<{ readonly plans: Record<string, string[]>; readonly trades: string }> {
  const house = await openHouse();
  try {
    await house.slash('watch add', [{ name: 'symbol', value: TAKEN.symbol }], { as: 'pro' });
    await house.runTo(TAKEN.at);
    await expect.poll(() => planOf(house, TAKEN.symbol), { timeout: 20_000 }).toBeDefined();
    const offer = planOf(house, TAKEN.symbol);
    if (offer) await house.fill(offer, 'Take it', {}, 'pro');
    await house.runTo(ENDS_AT);
    await expect.poll(() => stillOpen(house), { timeout: 30_000 }).toEqual([]);
    const plans = Object.fromEntries(
      messagesIn(house, house.discord.channels.plans).map((message) => {
        const [, planId = ''] = /plan ([0-9a-f]{6})/.exec(textOf(message)) ?? [];
        const steps = message.thread ? messagesIn(house, message.thread.id) : [];
        return [planId, steps.map((step) => `${/alert [0-9a-f]{8}/.exec(textOf(step))?.[0]} ${titleOf(step)}`)];
      }),
    );
    return { plans, trades: textOf(await house.slash('trade list', [], { as: 'pro' })) };
  } finally {
    await house.stop();
  }
}

type Message = ReturnType<House['discord']['person']['messages']>[number];

const messagesIn = ({ discord }: House, channelId: string): readonly Message[] =>
  discord.person.messages(discord.users.owner, channelId).filter((message) => message.type === 0);
const titleOf = (message: Message): string => message.embeds[0]?.title ?? '';
const planOf = (house: House, symbol: string): Message | undefined =>
  messagesIn(house, house.discord.channels.plans).find((message) => textOf(message).includes(`${symbol} short`));
/** Plans whose head card does not say that they have ended. */
const stillOpen = (house: House): string[] =>
  messagesIn(house, house.discord.channels.plans)
    .map(textOf)
    .filter((text) => !text.includes('Ended:'));

it('tells a session that is replayed twice from an empty store the same way: plans, steps, results, alerts', {
  timeout: 240_000,
}, async () => {
  const [first, second] = await Promise.all([told(), told()]);
  expect(Object.keys(first.plans).length).toBeGreaterThan(3);
  expect(Object.values(first.plans).flat().length).toBeGreaterThan(8);
  expect(first.trades).toContain(TAKEN.symbol);
  expect(second).toEqual(first);
});
