import { afterEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/kit/errors.ts';
import { fails, MINUTE_MS, NONCE_WINDOW_MS, world } from './board-world.ts';

describe('the market board', () => {
  let stage: ReturnType<typeof world>;
  afterEach(() => stage.stop());
  const texts = (): string[] => [...stage.messages.values()];

  it('is one message that is edited when it changes, and left alone when it does not', async () => {
    stage = world();
    await stage.start();
    await stage.time.advance(5_000);
    await stage.time.advance(60_000);
    stage.state.text = 'second';
    await stage.time.advance(60_000);
    expect(texts()).toEqual(['second']);
    expect(stage.state).toMatchObject({ posts: 1, edits: 2 });
  });

  it('is found again after a restart', async () => {
    stage = world();
    await stage.start();
    await stage.stop();
    stage.state.text = 'after the restart';
    await stage.start();
    expect([...stage.messages]).toEqual([['1', 'after the restart']]);
  });

  it('comes back when somebody deleted it', async () => {
    stage = world();
    await stage.start();
    stage.messages.clear();
    stage.state.text = 'again';
    await stage.time.advance(5_000);
    expect(texts()).toEqual(['again']);
  });

  it('is renewed before the hour after which Discord limits edits, and the old one goes', async () => {
    stage = world();
    await stage.start();
    await stage.time.advance(51 * MINUTE_MS);
    expect([...stage.messages]).toEqual([['2', 'first']]);
  });

  it.each(['remove', 'save', 'post', 'edit'] as const)('leaves no second one when its %s fails once', async (step) => {
    stage = world();
    await stage.start();
    let failed = 0;
    stage.before[step] = () => {
      if (stage.time.now() > 1_000_000 + 49 * MINUTE_MS && failed++ === 0) fails();
    };
    for (let minute = 0; minute < 53; minute++) {
      stage.state.text = `minute ${minute}`;
      await stage.time.advance(MINUTE_MS);
    }
    expect(failed).toBeGreaterThan(1);
    expect([...stage.messages]).toEqual([['2', 'minute 52']]);
    expect(stage.kept.get('board')?.body).toMatchObject({ messageId: '2', stale: [] });
  });

  it.each([
    ['a minute', MINUTE_MS],
    ['ten minutes', 10 * MINUTE_MS],
  ])('is one after Discord took it and failed, for %s', async (_outage, outageMs) => {
    for (const isFirst of [true, false]) {
      stage = world();
      if (!isFirst) await stage.start();
      await stage.time.advance(isFirst ? 0 : 50 * MINUTE_MS);
      stage.before.posted = () => {
        stage.before.post = fails;
        fails();
      };
      if (isFirst) await stage.start();
      else await stage.time.advance(5_000);
      expect(stage.state.posts).toBe(isFirst ? 1 : 2);
      await stage.time.advance(outageMs);
      stage.heal();
      stage.state.text = 'after the outage';
      await stage.time.advance(10_000);
      expect(texts()).toEqual(['after the outage']);
      await stage.stop();
    }
  });

  it('is one again when the database comes back, and the old one does not wait for that', async () => {
    stage = world();
    await stage.start();
    stage.before.save = fails;
    await stage.time.advance(60 * MINUTE_MS);
    expect([...stage.messages.keys()]).toEqual(['2']);
    stage.heal();
    await stage.time.advance(5_000);
    expect(stage.kept.get('board')?.body).toMatchObject({ messageId: '2', stale: [] });
  });

  it.each([
    ['half a minute later', 30_000, false],
    ['half a minute later, blind to the channel’s history', 30_000, true],
    ['ten minutes later', 10 * MINUTE_MS, false],
  ])('is one after a process died while it posted it and came back %s', async (_away, awayMs, isBlind) => {
    for (const first of [true, false]) {
      for (const step of ['posted', 'save', 'remove'] as const) {
        stage = world();
        stage.state.isBlind = isBlind;
        if (!first) await stage.start();
        stage.before[step] = () => new Promise(() => {});
        if (first) await stage.start();
        else await stage.time.advance(51 * MINUTE_MS);
        stage.kill();
        stage.heal();
        await stage.time.advance(awayMs);
        stage.state.text = 'after the crash';
        await stage.start();
        await stage.time.advance(5_000);
        expect(texts(), `${first ? 'first' : 'renewed'} board, died at ${step}`).toEqual(['after the crash']);
        if (awayMs < NONCE_WINDOW_MS) expect(stage.state.posts).toBe(first ? 1 : 2);
        await stage.stop();
      }
    }
  });

  it('reads what an earlier version kept', async () => {
    stage = world();
    stage.messages.set('7', 'old');
    stage.kept.set('board', { asOf: 1, body: { messageId: '7', postedAt: 1_000_000 } });
    await stage.start();
    expect([...stage.messages]).toEqual([['7', 'first']]);
  });

  it('keeps within Discord’s 25 characters for a nonce, whatever the old board’s id', async () => {
    stage = world();
    const messageId = '18446744073709551615';
    stage.messages.set(messageId, 'old');
    stage.kept.set('board', { asOf: 1, body: { messageId, postedAt: 1 } });
    stage.before.post = (nonce) => expect(nonce?.length).toBeLessThanOrEqual(25);
    await stage.start();
    await stage.time.advance(51 * MINUTE_MS);
    expect([...stage.messages]).toEqual([['1', 'first']]);
  });

  it.each(['not_found', 'unauthenticated'] as const)(
    'asks seldom in a channel that refuses it (%s), says so once, and comes back',
    async (code) => {
      stage = world();
      stage.before.post = () => {
        throw new AppError(code, 'no way in');
      };
      await stage.start();
      await stage.time.advance(59_000);
      expect(stage.state.calls).toBe(1);
      await stage.time.advance(6 * 60 * MINUTE_MS);
      expect(stage.state.calls).toBeLessThan(6 + 37);
      expect(stage.state.warned).toBe(1);
      stage.heal();
      await stage.time.advance(10 * MINUTE_MS);
      expect(texts()).toEqual(['first']);
    },
  );

  it('does not slow down for market data that refuse to be drawn', async () => {
    stage = world();
    stage.before.draw = () => {
      throw new AppError('unauthenticated', 'the key was refused');
    };
    await stage.start();
    stage.heal();
    await stage.time.advance(5_000);
    expect(texts()).toEqual(['first']);
  });
});
