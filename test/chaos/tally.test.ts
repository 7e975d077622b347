import type { APIMessage } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { alertIdOf, alertTagOf } from '../../src/domain/alert.ts';
import { advanceAll } from '../../src/domain/trade/advance.ts';
import { openShadow, openTrade } from '../../src/domain/trade.ts';
import { isExact, type Line } from './line.ts';
import { oneLife } from './rounds.ts';
import { count, noTally } from './tally.ts';

const MEMBER = '12';
const round = oneLife([MEMBER], 'counted');
const [life] = round.lives;
if (!life) throw new Error('no life');
const { plan, takers } = life;
const { planId, symbol, decidedAt } = plan;
const headId = alertIdOf({ kind: 'offer', planId, symbol, memberId: null, at: decidedAt });
const { steps } = advanceAll(
  openShadow(plan),
  round.bars.map((bar) => ({ kind: 'bar', bar })),
);
const [taker] = takers;
const taken = taker ? [openTrade(plan, { ...taker, shares: 100 })] : [];
const ids = steps.map(({ stepId }) => stepId);

const message = (id: string, over: object = {}): APIMessage =>
  ({
    id,
    content: '',
    author: { bot: true },
    embeds: [{ footer: { text: alertTagOf(id) } }],
    components: [],
    ...over,
  }) as unknown as APIMessage;
const head = message(headId, { thread: {} });
const inThread = ids.map((id) => message(id, { content: `<@${MEMBER}>` }));
const ledger = {
  trades: [openShadow(plan), ...taken],
  outbox: [headId, ...ids].map((alert_id, position) => ({ alert_id, position, state: 'sent' })),
};

function tallyOf(heads: readonly APIMessage[], told: readonly APIMessage[], over: Partial<typeof ledger> = {}) {
  const tally = noTally();
  count(tally, round, { ...ledger, ...over }, {
    channels: { plans: 'plans' },
    users: { owner: 'owner' },
    person: { messages: (_as: string, channelId: string) => (channelId === 'plans' ? heads : told) },
  } as never);
  const { wrong, ...numbers } = tally;
  return { ...numbers, wrong: wrong.length, isExact: isExact({ ...tally, kills: 1 } as Line) };
}

describe('the count of what arrived', () => {
  const alerts = 1 + 2 * steps.length;

  it('has every step of a life with several once for the plan and once for its member', () => {
    expect(steps.length).toBeGreaterThan(2);
    expect(tallyOf([head], inThread)).toEqual({ alerts, lost: 0, doubled: 0, disordered: 0, wrong: 0, isExact: true });
  });

  it('misses a message that is not there, for both', () => {
    expect(tallyOf([head], inThread.slice(1))).toMatchObject({ lost: 2, doubled: 0, isExact: false });
  });

  it('misses the ping of a member', () => {
    expect(tallyOf([head], [message(ids[0] ?? ''), ...inThread.slice(1)])).toMatchObject({ lost: 1, isExact: false });
  });

  it('sees a message that stands twice', () => {
    expect(tallyOf([head], [...inThread, ...inThread.slice(-1)])).toMatchObject({
      lost: 0,
      doubled: 2,
      isExact: false,
    });
    expect(tallyOf([head, { ...head, thread: undefined } as unknown as APIMessage], inThread)).toMatchObject({
      doubled: 1,
    });
  });

  it('sees two that changed places', () => {
    const [first, second, ...rest] = inThread;
    const swapped = first && second ? [second, first, ...rest] : [];
    expect(tallyOf([head], swapped)).toMatchObject({ lost: 0, doubled: 0, disordered: 1, isExact: false });
  });

  it('sees what was never to be said, and what the outbox gave up', () => {
    expect(tallyOf([head], [...inThread, message('0'.repeat(64))])).toMatchObject({ wrong: 1, isExact: false });
    const outbox = ledger.outbox.map((row) => ({ ...row, state: 'dead' }));
    expect(tallyOf([head], inThread, { outbox }).wrong).toBe(outbox.length);
  });
});
