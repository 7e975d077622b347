import { describe, expect, it } from 'vitest';
import { alertIdOf, alertTagOf } from '../../src/domain/alert.ts';
import { AppError } from '../../src/kit/errors.ts';
import { createAlerts } from '../../src/services/alerts.ts';
import { outgoing } from '../../src/services/outgoing.ts';
import { StoreError } from '../../src/store/errors.ts';
import { OPEN_AT, offerOf, placed, sessionAlert, setAlertStage, stepAlert } from './alert-stage.ts';

const alert = sessionAlert('2015-12-23');
const unavailable = () => new AppError('unavailable', '502');

describe('alerts', () => {
  it('are posted once however often the same change is told', async () => {
    const { alerts, in: said } = setAlertStage();
    await Promise.all([alerts.enqueue(alert), alerts.enqueue(alert)]);
    await alerts.enqueue(alert);
    await alerts.pump();
    expect(said('alerts').map(({ nonce }) => nonce)).toEqual([alertIdOf(alert).slice(0, 25)]);
  });

  it('stand in the channel in the order in which they were kept', async () => {
    const { alerts, posts, said } = setAlertStage();
    const { post } = posts;
    posts.post = async (channelId, card, options) => {
      if (said.length === 0) await new Promise((done) => setTimeout(done, 5));
      return post(channelId, card, options);
    };
    await alerts.enqueue(sessionAlert('2015-12-23'));
    await alerts.enqueue(sessionAlert('2015-12-24'));
    await alerts.pump();
    expect(said.map((one) => one.alert.kind === 'session' && one.alert.on)).toEqual(['2015-12-23', '2015-12-24']);
  });

  it('survive a Discord that fails, in their order and with the same nonce at the next try', async () => {
    const { alerts, posts, time, outbox, said } = setAlertStage();
    const { post } = posts;
    const nonces: string[] = [];
    posts.post = async (channelId, card, options) => {
      nonces.push(options.nonce);
      if (nonces.length === 1) throw unavailable();
      return post(channelId, card, options);
    };
    alerts.start();
    await alerts.enqueue(sessionAlert('2015-12-23'));
    await alerts.enqueue(sessionAlert('2015-12-24'));
    // not at the next look round, but as soon as they are due
    await time.advance(2_500);
    expect(nonces[0]).toBe(nonces[1]);
    expect(said.map(({ nonce }) => nonce)).toEqual(nonces.slice(1));
    expect(outbox.states()).toEqual(['sent', 'sent']);
    await alerts.stop();
    expect(time.timers()).toBe(0);
  });

  it('carry how late they are: until seen by the market, until posted by the wall', async () => {
    const { alerts, said, setMarket, time, posts } = setAlertStage();
    setMarket(OPEN_AT + 120_000);
    const { post } = posts;
    let fails = true;
    posts.post = async (channelId, card, options) => {
      if (fails) throw unavailable();
      return post(channelId, card, options);
    };
    await alerts.enqueue(alert);
    await time.advance(5_000);
    fails = false;
    await alerts.pump();
    expect(said.map(({ lateMs }) => lateMs)).toEqual([125_000]);
  });

  it('are not called late because a replay runs sixty times as fast as its reader', async () => {
    const { alerts, said, setMarket } = setAlertStage({ speed: () => 60 });
    setMarket(OPEN_AT + 90_000);
    await alerts.enqueue(alert);
    await alerts.pump();
    expect(said.map(({ lateMs }) => lateMs)).toEqual([1_500]);
  });

  it.each([
    ['the first try is fresh', { attempts: 1, ageMs: 1_000, asked: 0 }],
    ['an earlier holder may have posted it', { attempts: 2, ageMs: 1_000, asked: 1 }],
    ['it is older than Discord remembers a nonce', { attempts: 1, ageMs: 121_000, asked: 1 }],
  ])('are looked for in the channel before posting when %s', async (_when, { attempts, ageMs, asked }) => {
    const { alerts, outbox, time, said, calls, deps } = setAlertStage();
    const alertId = alertIdOf(alert);
    const stands = asked ? [{ alert, lateMs: 0, tag: alertTagOf(alertId) }] : [];
    for (const card of stands) await deps.posts.post('alerts', card, { nonce: 'from another life' });
    await outbox.enqueue(alerts.outgoing(alert));
    for (let n = 1; n < attempts; n++) await outbox.claim(1, 0);
    await time.advance(ageMs);
    calls.length = 0;
    await alerts.pump();
    expect(calls).toEqual([asked ? 'find alerts' : 'post alerts']);
    expect(said).toHaveLength(1);
    expect(outbox.rows.get(alertId)).toMatchObject({ state: 'sent', messageId: 'm1' });
  });

  it('are not posted while the channel cannot be read back, and are not buried for it either', async () => {
    const { alerts, posts, time, outbox, said } = setAlertStage();
    const { post, find } = posts;
    posts.post = async (...args) => {
      await post(...args);
      throw unavailable();
    };
    posts.find = () => Promise.reject(unavailable());
    alerts.start();
    await alerts.enqueue(alert);
    await time.advance(30 * 60_000);
    expect(said).toHaveLength(1);
    expect(outbox.states()).toEqual(['pending']);
    posts.find = find;
    await time.advance(60_000);
    expect(said).toHaveLength(1);
    expect(outbox.states()).toEqual(['sent']);
    await alerts.stop();
  });

  it('are posted once and never buried while the database does not take note of it', async () => {
    const stage = setAlertStage();
    const away = new StoreError('outbox.settle', '', 'no answer', { kind: 'unreachable' });
    let isAway = true;
    const alerts = createAlerts({
      ...stage.deps,
      outbox: {
        ...stage.outbox,
        settle: (...args) => (isAway ? Promise.reject(away) : stage.outbox.settle(...args)),
      },
    });
    alerts.start();
    await alerts.enqueue(alert);
    await stage.time.advance(30 * 60_000);
    isAway = false;
    await stage.time.advance(60_000);
    expect(stage.calls).toEqual(['post alerts']);
    expect(stage.outbox.states()).toEqual(['sent']);
    await alerts.stop();
  });

  it('wait out a database that does not answer', async () => {
    const stage = setAlertStage();
    let isAway = true;
    const claim: typeof stage.outbox.claim = (...args) =>
      isAway ? Promise.reject(new Error('down')) : stage.outbox.claim(...args);
    const alerts = createAlerts({ ...stage.deps, outbox: { ...stage.outbox, claim } });
    alerts.start();
    await alerts.enqueue(alert);
    await stage.time.advance(20_000);
    expect(stage.logged.length).toBeGreaterThan(1);
    expect(new Set(stage.logged.map(({ phrase }) => phrase))).toEqual(new Set(['outbox not readable']));
    isAway = false;
    await stage.time.advance(6_000);
    expect(stage.said).toHaveLength(1);
    await alerts.stop();
  });

  it('that no try can post are given up after five, and those behind them go on', async () => {
    const { alerts, posts, time, outbox, said, logged } = setAlertStage();
    const { post } = posts;
    posts.post = async (channelId, card, options) => {
      if (card.alert.kind === 'session' && card.alert.on === '2015-12-23') throw new AppError('internal', '400');
      return post(channelId, card, options);
    };
    alerts.start();
    await alerts.enqueue(sessionAlert('2015-12-23'));
    await alerts.enqueue(sessionAlert('2015-12-24'));
    await time.advance(120_000);
    expect(outbox.states()).toEqual(['dead', 'sent']);
    expect(said).toHaveLength(1);
    expect(logged.filter(({ level }) => level === 'error').map(({ phrase }) => phrase)).toContain('alert given up');
    await alerts.stop();
  });

  it('go on under the new lease when the old one ended while they were on their way', async () => {
    const { alerts, posts, time, outbox, said } = setAlertStage();
    const { post } = posts;
    const slow = Promise.withResolvers<void>();
    posts.post = async (...args) => {
      await slow.promise;
      return post(...args);
    };
    alerts.start();
    await alerts.enqueue(alert);
    void alerts.enqueue(sessionAlert('2015-12-24'));
    await time.advance(40_000);
    alerts.kick();
    await time.advance(1);
    expect(outbox.rows.get(alertIdOf(alert))?.attempts).toBe(2);
    slow.resolve();
    await time.advance(1_000);
    expect(said).toHaveLength(2);
    expect(outbox.states()).toEqual(['sent', 'sent']);
    await alerts.stop();
  });

  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'that come %i ticks after the last look round do not wait for the next',
    async (ticks) => {
      const stage = setAlertStage();
      const { outbox } = stage;
      let looks = 0;
      const alerts = createAlerts({
        ...stage.deps,
        outbox: {
          ...outbox,
          async claim(...args) {
            const rows = await outbox.claim(...args);
            if (looks++ === 0) void comeLater();
            return rows;
          },
        },
      });
      const comeLater = async (): Promise<void> => {
        for (let tick = 0; tick < ticks; tick++) await undefined;
        void outbox.enqueue(alerts.outgoing(alert));
        alerts.kick();
      };
      await alerts.pump();
      await stage.time.advance(0);
      expect(stage.said).toHaveLength(1);
    },
  );

  it('of a trade leave with the first four, before five hundred that waited longer', async () => {
    const { alerts, outbox, said, deps } = setAlertStage({ offers: [offerOf(placed)] });
    for (let n = 0; n < 500; n++) {
      const digest = alerts.outgoing(sessionAlert(`${n}`));
      await outbox.enqueue({ ...digest, priority: 2, stream: n % 2 ? 'alerts' : `digest ${n}` });
    }
    await outbox.enqueue(alerts.outgoing(stepAlert(0)));
    await alerts.pump();
    expect(said.slice(0, 4).map(({ channelId }) => channelId)).toContain('thread');
    expect(said).toHaveLength(501);
    expect(await deps.outbox.depth()).toBe(0);
  });

  it('of a trade leave at once while four posts of others hang, and two more of others wait', async () => {
    const { alerts, outbox, posts, said, time } = setAlertStage({ offers: [offerOf(placed)] });
    const { post } = posts;
    posts.post = async (channelId, card, options) => {
      if (channelId === 'alerts') await new Promise<void>((done) => void time.setTimer(4_000, done));
      return post(channelId, card, options);
    };
    for (let n = 0; n < 6; n++) await outbox.enqueue({ ...alerts.outgoing(sessionAlert(`${n}`)), stream: `busy ${n}` });
    const pumped = alerts.pump();
    await time.advance(100);
    await alerts.enqueue(stepAlert(0));
    await time.advance(1_900);
    expect(said.map(({ channelId }) => channelId)).toEqual(['thread']);
    await time.advance(2_100);
    expect(said).toHaveLength(5);
    await time.advance(4_000);
    await pumped;
    expect(said).toHaveLength(7);
  });

  it('of four streams are on their way at once, of one stream never two', async () => {
    const { alerts, posts, outbox } = setAlertStage();
    const { post } = posts;
    let most = 0;
    let now = 0;
    const busy = new Set<string>();
    let clashes = 0;
    posts.post = async (channelId, card, options) => {
      const stream = outbox.rows.get(alertIdOf(card.alert))?.stream ?? '';
      if (busy.has(stream)) clashes += 1;
      busy.add(stream);
      now += 1;
      most = Math.max(most, now);
      await new Promise((done) => setImmediate(done));
      now -= 1;
      busy.delete(stream);
      return post(channelId, card, options);
    };
    for (let n = 0; n < 60; n++)
      await outbox.enqueue({ ...alerts.outgoing(sessionAlert(`${n}`)), stream: `s${n % 10}` });
    await alerts.pump();
    expect([most, clashes, outbox.pending()]).toEqual([4, 0, 0]);
  });

  it('are measured: seen, decided and delivered after the event, how many wait, how many stand', async () => {
    const { alerts, outbox, metrics, time } = setAlertStage();
    const seen = { seenAt: OPEN_AT + 2_000, seenWallAt: 0, decidedWallAt: 500 };
    await outbox.enqueue(outgoing(alert, seen));
    await time.advance(4_000);
    await alerts.pump();
    const text = await metrics.text();
    for (const [stage, sum] of [
      ['seen', 2],
      ['decided', 2.5],
      ['delivered', 6],
    ] as const)
      expect(text).toContain(`alert_latency_seconds_sum{kind="session",stage="${stage}"} ${sum}`);
    expect(text).toContain('alerts_posted_total{kind="session"} 1');
    expect(text).toContain('outbox_depth 1');
  });
});
