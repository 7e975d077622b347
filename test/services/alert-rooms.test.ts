import { describe, expect, it } from 'vitest';
import { alertIdOf, type HealthAlert, type OfferAlert } from '../../src/domain/alert.ts';
import { createAlerts } from '../../src/services/alerts.ts';
import { OPEN_AT, offerOf, PLAN_ID, placed, refused, sessionAlert, setAlertStage, stepAlert } from './alert-stage.ts';

const offer: OfferAlert = { kind: 'offer', planId: PLAN_ID, symbol: 'AAPL', memberId: null, at: OPEN_AT };
const own: OfferAlert = { ...offer, memberId: '42' };
const health = (over: Partial<HealthAlert> = {}): HealthAlert => ({
  kind: 'health',
  part: 'stocks feed',
  state: 'down',
  since: OPEN_AT,
  at: OPEN_AT,
  reason: 'no heartbeat',
  works: 'REST',
  ...over,
});
const newsOf = (stage: ReturnType<typeof setAlertStage>, channelId = 'ops') =>
  stage.in(channelId).flatMap(({ alert }) => (alert.kind === 'health' ? [`${alert.part} ${alert.state}`] : []));

describe('an alert finds its place', () => {
  it('session in #alerts, health in #ops, the step of a plan in the plan’s thread, pinging only whom it names', async () => {
    const stage = setAlertStage({ offers: [offerOf(placed)] });
    const { alerts, said } = stage;
    for (const alert of [
      sessionAlert('2015-12-23'),
      health(),
      stepAlert(0, { mentions: ['1', '2'] }),
      health({ planId: PLAN_ID }),
    ])
      await alerts.enqueue(alert);
    await alerts.pump();
    const seen = said.map(({ alert, channelId, mentions }) => [alert.kind, channelId, ...mentions].join(' ')).sort();
    expect(seen).toEqual(['health ops', 'health thread', 'session alerts', 'step thread 1 2']);
  });

  it('news of health without a room of their own in #alerts', async () => {
    const stage = setAlertStage({ rooms: { alerts: 'alerts', plans: undefined, ops: undefined } });
    await stage.alerts.enqueue(health());
    await stage.alerts.pump();
    expect(newsOf(stage, 'alerts')).toEqual(['stocks feed down']);
  });

  it('an offer as head card in #plans with its thread under it, before any step', async () => {
    const stage = setAlertStage({ offers: [offerOf()] });
    const { alerts, said, threads, offers, outbox } = stage;
    for (const row of [offer, stepAlert(0), stepAlert(1)]) await outbox.enqueue(alerts.outgoing(row));
    await alerts.pump();
    expect(said.map(({ alert, channelId }) => `${alert.kind} ${channelId}`)).toEqual([
      'offer plans',
      'step m1',
      'step m1',
    ]);
    expect(threads.get('m1')?.name).toBe('AAPL long · opening-range breakout · 7f3a9c');
    expect(offers.get(PLAN_ID)).toMatchObject({ channelId: 'plans', messageId: 'm1', threadId: 'm1' });
  });

  it('a member’s own plan in a private thread with the head card in it', async () => {
    const stage = setAlertStage({ offers: [offerOf({ memberId: '42' })] });
    const { alerts, said, threads, offers, outbox } = stage;
    for (const row of [own, stepAlert(0, { mentions: ['42'] })]) await outbox.enqueue(alerts.outgoing(row));
    await alerts.pump();
    expect([...threads]).toEqual([['p1', { name: 'AAPL long 7f3a9c', members: ['42'] }]]);
    expect(said.map(({ alert, channelId }) => `${alert.kind} ${channelId}`)).toEqual(['offer p1', 'step p1']);
    expect(offers.get(PLAN_ID)).toMatchObject({ channelId: 'p1', threadId: 'p1' });
  });

  it.each(['post', 'startThread', 'openPrivateThread', 'place', 'settle'] as const)(
    'a bot killed right after %s leaves one card in one thread',
    async (point) => {
      const memberId = point === 'openPrivateThread' ? '42' : null;
      const stage = setAlertStage({ offers: [offerOf({ memberId })] });
      const { deps, said, threads, outbox, time } = stage;
      await outbox.enqueue(stage.alerts.outgoing({ ...offer, memberId }));
      const never = new Promise<never>(() => {});
      const reached = Promise.withResolvers<void>();
      const killed =
        <A extends unknown[]>(call: (...args: A) => Promise<unknown>) =>
        async (...args: A): Promise<never> => {
          await call(...args);
          reached.resolve();
          return never;
        };
      const alerts = createAlerts({
        ...deps,
        posts:
          point === 'place' || point === 'settle'
            ? deps.posts
            : { ...deps.posts, [point]: killed(deps.posts[point] as (...args: unknown[]) => Promise<unknown>) },
        offers: point === 'place' ? { ...deps.offers, place: killed(deps.offers.place) } : deps.offers,
        outbox: point === 'settle' ? { ...outbox, settle: killed(async () => true) } : outbox,
      });
      void alerts.pump();
      await reached.promise;
      await time.advance(10 * 60_000);
      await createAlerts(deps).pump();
      expect(said).toHaveLength(1);
      expect(threads.size).toBe(1);
      expect(outbox.states()).toEqual(['sent']);
    },
  );

  it('an offer without a channel for plans is given up with its steps, and the house is told once', async () => {
    const stage = setAlertStage({ offers: [offerOf()], rooms: { alerts: 'alerts', plans: undefined, ops: 'ops' } });
    const { alerts, outbox, calls } = stage;
    for (const row of [offer, stepAlert(0), stepAlert(1)]) await outbox.enqueue(alerts.outgoing(row));
    await alerts.pump();
    expect(outbox.states()).toEqual(['dead', 'dead', 'dead', 'sent']);
    expect(outbox.rows.get(alertIdOf(offer))).toMatchObject({ error: 'there is no channel for plans: set one' });
    expect(newsOf(stage)).toEqual(['channel: thread of plan 7f3a9c down']);
    expect(calls).toEqual(['post ops']);
  });
});

describe('a channel that refuses the bot', () => {
  const refusing = (stage: ReturnType<typeof setAlertStage>, channelId: string, code = 'unauthenticated' as const) => {
    const { posts } = stage;
    const { post, find } = posts;
    const state = { refuses: true, asked: 0 };
    const check = (asked: string): void => {
      if (asked !== channelId || !state.refuses) return;
      state.asked += 1;
      throw refused(code);
    };
    posts.post = async (...args) => {
      check(args[0]);
      return post(...args);
    };
    posts.find = async (...args) => {
      check(args[0]);
      return find(...args);
    };
    return state;
  };

  it('is asked once in five minutes, not once an alert; #ops hears it once; all come in order when it is back', async () => {
    const stage = setAlertStage({ offers: [offerOf(placed)] });
    const { alerts, time, outbox } = stage;
    const state = refusing(stage, 'alerts');
    alerts.start();
    for (let n = 0; n < 1000; n++) {
      await outbox.enqueue({ ...alerts.outgoing(sessionAlert(`${n}`)), stream: `s${n}` });
      if (n % 10 === 0) await time.advance(6_000);
    }
    expect(state.asked).toBeLessThanOrEqual(6);
    expect(newsOf(stage)).toEqual(['channel: #alerts down']);
    await alerts.enqueue(stepAlert(0));
    await time.advance(100);
    expect(stage.in('thread')).toHaveLength(1);
    state.refuses = false;
    await time.advance(11 * 60_000);
    expect(stage.in('alerts')).toHaveLength(1000);
    expect(newsOf(stage)).toEqual(['channel: #alerts down', 'channel: #alerts up']);
    expect(outbox.pending()).toBe(0);
    await alerts.stop();
  });

  it('is tried by one alert when its time is over, however many wait for the answer', async () => {
    const stage = setAlertStage();
    const { alerts, time, outbox, posts } = stage;
    let asked = 0;
    posts.post = posts.find = async (channelId: string) => {
      if (channelId === 'ops') return undefined as never;
      asked += 1;
      await new Promise((done) => time.setTimer(300, () => done(undefined)));
      throw refused('unauthenticated');
    };
    alerts.start();
    await alerts.enqueue(sessionAlert('0'));
    await time.advance(1_000);
    for (let n = 1; n < 50; n++) await outbox.enqueue({ ...alerts.outgoing(sessionAlert(`${n}`)), stream: `s${n}` });
    await time.advance(31 * 60_000);
    expect(asked).toBeLessThanOrEqual(7);
    await alerts.stop();
  });

  it('is told by direct message when it is the room for such news', async () => {
    const stage = setAlertStage({ ownerId: '7' });
    const { alerts, time, logged } = stage;
    const state = refusing(stage, 'ops');
    alerts.start();
    await alerts.enqueue(health());
    await time.advance(20 * 60_000);
    expect(newsOf(stage, 'dm 7')).toEqual(['channel: #ops down']);
    expect(logged.filter(({ level }) => level === 'error')).toHaveLength(1);
    state.refuses = false;
    await time.advance(6 * 60_000);
    expect(newsOf(stage)).toEqual(['stocks feed down', 'channel: #ops down', 'channel: #ops up']);
    expect(stage.in('ops').map(({ lateMs }) => lateMs > 60_000)).toEqual([true, true, false]);
    await alerts.stop();
  });

  it('is not what a card is that cannot be drawn', async () => {
    const stage = setAlertStage({
      draw(alert, lateMs) {
        if (alert.kind === 'session' && alert.on === '0') throw refused('not_found');
        return { alert, lateMs, tag: '' };
      },
    });
    const { alerts, outbox } = stage;
    await outbox.enqueue({ ...alerts.outgoing(sessionAlert('0')), stream: 'another' });
    await alerts.enqueue(sessionAlert('1'));
    await alerts.pump();
    expect(outbox.states()).toEqual(['pending', 'sent']);
    expect(newsOf(stage)).toEqual([]);
  });

  it('keeps offers waiting with their steps behind them, in order', async () => {
    const stage = setAlertStage({ offers: [offerOf()] });
    const { alerts, time, outbox } = stage;
    const state = refusing(stage, 'plans');
    alerts.start();
    for (const row of [offer, stepAlert(0), stepAlert(1)]) await outbox.enqueue(alerts.outgoing(row));
    alerts.kick();
    await time.advance(12 * 60_000);
    expect(stage.said.filter(({ alert }) => alert.kind !== 'health')).toEqual([]);
    state.refuses = false;
    await time.advance(6 * 60_000);
    const seen = stage.said.flatMap(({ alert }) =>
      alert.kind === 'step' ? [`step ${alert.step.seq}`] : alert.kind === 'offer' ? ['offer'] : [],
    );
    expect(seen).toEqual(['offer', 'step 0', 'step 1']);
    await alerts.stop();
  });

  it('when it is a deleted thread buries that plan’s alerts, told once, and no other plan’s', async () => {
    const other = 'b'.repeat(64);
    const stage = setAlertStage({
      offers: [offerOf(placed), offerOf({ ...placed, threadId: 'thread 2' }, other)],
    });
    const { alerts, time, outbox, posts } = stage;
    const { post } = posts;
    let asked = 0;
    posts.post = async (channelId, card, options) => {
      if (channelId !== 'thread') return post(channelId, card, options);
      asked += 1;
      throw refused('not_found');
    };
    alerts.start();
    for (let seq = 0; seq < 5; seq++) {
      await alerts.enqueue(stepAlert(seq));
      await alerts.enqueue(stepAlert(seq, { planId: other }));
      await time.advance(1_000);
    }
    expect(asked).toBe(1);
    // a restart does not tell it again
    const later = createAlerts(stage.deps);
    await later.enqueue(stepAlert(9));
    await later.pump();
    expect(newsOf(stage)).toEqual(['channel: thread of plan 7f3a9c down']);
    expect(stage.in('thread 2')).toHaveLength(5);
    const dead = [...outbox.rows.values()].filter(({ state }) => state === 'dead');
    expect(dead.map(({ error }) => error)).toEqual(Array(6).fill('the thread of plan 7f3a9c was deleted'));
    await alerts.stop();
  });
});
