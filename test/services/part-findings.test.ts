import { describe, expect, it } from 'vitest';
import { atNewYork } from '../../src/domain/session.ts';
import type { FeedState } from '../../src/massive/feed.ts';
import { massiveFinding, modelFinding } from '../../src/services/part-findings.ts';

const since = atNewYork('2015-12-23', '10:32');
const clock = { now: () => since + 60_000, at: () => () => {} };
const feed = (over: Partial<FeedState>): FeedState => ({
  feed: 'stocks',
  up: 'live',
  since,
  lastEventAt: since,
  ...over,
});

function finding(over: { feeds?: FeedState[]; breaker?: 'open' | 'closed'; limitedForMs?: number; skewMs?: number }) {
  const { feeds = [feed({})], breaker = 'closed', limitedForMs, skewMs } = over;
  return massiveFinding(
    {
      feed: { state: () => feeds } as never,
      breakerState: () => breaker,
      limitedForMs: () => limitedForMs,
      clockSkewMs: () => skewMs,
    },
    clock,
    undefined,
  );
}

describe('how the data provider does, in the words of a member', () => {
  it('is well while it streams', () => {
    expect(finding({})).toEqual({ state: 'ok', reason: 'stocks streaming' });
  });

  it('says since when a feed is down, and not in the words of a socket', () => {
    const down = finding({ feeds: [feed({ up: 'down', reason: 'closed (1006)' })] });
    expect(down).toEqual({ state: 'degraded', reason: 'stocks down since 10:32 ET, connection lost, trying again' });
    expect(finding({ feeds: [feed({ up: 'down', reason: 'silent for 9 s' })] }).reason).toContain('no sign of life');
  });

  it("keeps the provider's own sentence where it says what to do", () => {
    const reason = "Your plan doesn't include websocket access.";
    expect(finding({ feeds: [feed({ up: 'polling', reason })] }).reason).toContain(reason);
  });

  it('is down while calls are held back, and degraded for a minute after the limit was hit', () => {
    expect(finding({ breaker: 'open' }).state).toBe('down');
    expect(finding({ limitedForMs: 3_000 })).toMatchObject({
      state: 'degraded',
      reason: expect.stringContaining('limit was hit 3 s ago'),
    });
    expect(finding({ limitedForMs: 61_000 }).state).toBe('ok');
  });

  it('is degraded while the clock here is more than two seconds off', () => {
    expect(finding({ skewMs: -2_000 }).state).toBe('ok');
    expect(finding({ skewMs: -2_001 })).toEqual({
      state: 'degraded',
      reason: "this machine's clock is 2.0 s behind the data provider's; stocks streaming",
    });
  });
});

describe('the coach without a model', () => {
  it('says that its sentences are fixed', () => {
    expect(modelFinding(undefined)).toEqual({ state: 'off', reason: 'no model: answers in fixed sentences' });
    expect(modelFinding({ model: 'small' })).toEqual({ state: 'ok', reason: 'small' });
  });
});
