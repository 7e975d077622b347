import { describe, expect, it } from 'vitest';
import { type BreakerOptions, CircuitOpenError, createBreaker } from '../../src/kit/breaker.ts';

const down = new Error('down');
const fail = () => Promise.reject(down);

function withTime(options: BreakerOptions = {}) {
  let nowAt = 0;
  const changes: string[] = [];
  const breaker = createBreaker({ now: () => nowAt, onChange: (state) => changes.push(state), ...options });
  const tries = async (count: number, fn: () => Promise<unknown>): Promise<void> => {
    for (let i = 0; i < count; i++) await breaker.run(fn).catch(() => {});
  };
  return {
    ...breaker,
    changes,
    tries,
    pass(ms: number) {
      nowAt += ms;
    },
  };
}

describe('a breaker', () => {
  it('opens on the fifth failure within a minute and then does not call', async () => {
    const breaker = withTime();
    await breaker.tries(4, fail);
    expect(breaker.state()).toBe('closed');
    await breaker.tries(1, fail);
    expect(breaker.state()).toBe('open');
    let called = false;
    await expect(breaker.run(async () => (called = true))).rejects.toThrow(CircuitOpenError);
    expect(called).toBe(false);
  });

  it('stays closed when the failures lie more than a minute apart', async () => {
    const breaker = withTime();
    for (let i = 0; i < 20; i++) {
      await breaker.tries(1, fail);
      breaker.pass(15_000);
    }
    expect(breaker.state()).toBe('closed');
  });

  it('says how long it stays open', async () => {
    const breaker = withTime();
    await breaker.tries(5, fail);
    breaker.pass(12_000);
    await expect(breaker.run(async () => 1)).rejects.toMatchObject({ retryAfterMs: 18_000 });
  });

  it('lets one probe through after half a minute and closes when it is answered', async () => {
    const breaker = withTime();
    await breaker.tries(5, fail);
    breaker.pass(30_000);
    expect(breaker.state()).toBe('half_open');
    const probe = Promise.withResolvers<string>();
    const probing = breaker.run(() => probe.promise);
    await expect(breaker.run(async () => 'second')).rejects.toThrow(CircuitOpenError);
    probe.resolve('up');
    expect(await probing).toBe('up');
    expect(breaker.state()).toBe('closed');
    expect(breaker.changes).toEqual(['open', 'half_open', 'closed']);
  });

  it('opens again for another half minute when the probe fails', async () => {
    const breaker = withTime();
    await breaker.tries(5, fail);
    breaker.pass(30_000);
    await breaker.tries(1, fail);
    expect(breaker.state()).toBe('open');
    breaker.pass(29_999);
    await expect(breaker.run(async () => 1)).rejects.toThrow(CircuitOpenError);
    breaker.pass(1);
    expect(await breaker.run(async () => 1)).toBe(1);
  });

  it('does not count what says nothing about the other side, such as a symbol that is not there', async () => {
    const breaker = withTime({ counts: (error) => error === down });
    await breaker.tries(50, () => Promise.reject(new Error('not found')));
    expect(breaker.state()).toBe('closed');
  });

  it('takes a probe that finds no such symbol as a sign of life', async () => {
    const breaker = withTime({ counts: (error) => error === down });
    await breaker.tries(5, fail);
    breaker.pass(30_000);
    await breaker.tries(1, () => Promise.reject(new Error('not found')));
    expect(breaker.state()).toBe('closed');
  });

  it('learns nothing from a probe whose caller left, and lets the next one through', async () => {
    const breaker = withTime({ counts: (error) => error === down });
    await breaker.tries(5, fail);
    breaker.pass(30_000);
    await breaker.tries(1, () => Promise.reject(new DOMException('left', 'AbortError')));
    expect(breaker.state()).toBe('half_open');
    expect(await breaker.run(async () => 'up')).toBe('up');
  });

  it('is not held shut by a probe that never ends', async () => {
    const breaker = withTime();
    await breaker.tries(5, fail);
    breaker.pass(30_000);
    void breaker.run(() => new Promise(() => {}));
    breaker.pass(30_000);
    expect(await breaker.run(async () => 'up')).toBe('up');
    expect(breaker.state()).toBe('closed');
  });

  it('ignores calls from before it opened that end only now', async () => {
    const breaker = withTime();
    const slow = Promise.withResolvers<string>();
    const early = breaker.run(() => slow.promise);
    await breaker.tries(5, fail);
    slow.resolve('late');
    expect(await early).toBe('late');
    expect(breaker.state()).toBe('open');
  });
});
