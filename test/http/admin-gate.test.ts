import { describe, expect, it, onTestFinished } from 'vitest';
import { createAdminGate } from '../../src/http/admin-gate.ts';
import { ADMIN_KEY, BEARER, startFakeApp } from './fake-app.ts';

function gateWithTime() {
  const time = { nowAt: 0 };
  const gate = createAdminGate({ adminKey: ADMIN_KEY, now: () => time.nowAt });
  const code = (authorization: string | undefined, ip = '10.0.0.1'): string => {
    try {
      gate.check(authorization, ip);
      return 'in';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  return { time, code };
}

describe('the admin gate', () => {
  it('opens for the key as a bearer token, in any spelling of Bearer', () => {
    const { code } = gateWithTime();
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer  ']) expect(code(`${scheme} ${ADMIN_KEY}`)).toBe('in');
  });

  it('stays shut for anything else', () => {
    const { code } = gateWithTime();
    const near = [ADMIN_KEY.slice(0, -1), `${ADMIN_KEY}x`, ADMIN_KEY.toUpperCase(), ADMIN_KEY.replace('c', 'с')];
    const shapes = [undefined, '', 'Bearer', 'Bearer ', ADMIN_KEY, `Basic ${ADMIN_KEY}`, `Bearer ${ADMIN_KEY} x`];
    for (const authorization of [...near.map((key) => `Bearer ${key}`), ...shapes]) {
      expect(code(authorization, `${authorization}`)).toBe('unauthenticated');
    }
  });

  it('locks an address out for a minute after ten wrong keys, the right key included', () => {
    const { code, time } = gateWithTime();
    for (let i = 0; i < 10; i++) {
      expect(code('Bearer wrong')).toBe('unauthenticated');
      time.nowAt += 1_000;
    }
    expect(code('Bearer wrong')).toBe('rate_limited');
    expect(code(BEARER.authorization)).toBe('rate_limited');
    expect(code(BEARER.authorization, '10.0.0.2')).toBe('in');
    time.nowAt = 60_000;
    expect(code(BEARER.authorization)).toBe('in');
  });

  it('does not count requests without a key as guesses', () => {
    const { code } = gateWithTime();
    for (let i = 0; i < 50; i++) expect(code(undefined)).toBe('unauthenticated');
    expect(code(BEARER.authorization)).toBe('in');
  });
});

describe('the address that a request comes from', () => {
  const wrongKeys = async (hops: number, forwardedFor: (i: number) => string): Promise<number[]> => {
    const app = await startFakeApp({ trustProxyHops: hops });
    onTestFinished(() => app.stop());
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) {
      const headers = { authorization: 'Bearer wrong', 'x-forwarded-for': forwardedFor(i) };
      statuses.push((await app.get('/metrics', { headers })).status);
    }
    return statuses;
  };
  const LOCKED = [...Array(10).fill(401), 429, 429];

  it('is the connection’s own, whatever a header claims', async () => {
    expect(await wrongKeys(0, (i) => `203.0.113.${i}`)).toEqual(LOCKED);
  });

  it('is what the one trusted proxy saw, whatever stood in the header before', async () => {
    expect(await wrongKeys(1, (i) => `203.0.113.${i}, 198.51.100.7`)).toEqual(LOCKED);
    expect(await wrongKeys(1, (i) => `198.51.100.7, 203.0.113.${i}`)).toEqual(Array(12).fill(401));
  });
});
