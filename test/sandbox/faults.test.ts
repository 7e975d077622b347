import { describe, expect, it } from 'vitest';
import type { PersonFault } from '../../src/sandbox/discord/person-api.ts';
import { createFaultMenu } from '../../src/sandbox/faults.ts';
import { noFaults } from '../../src/sandbox/massive/faults.ts';

function setUp() {
  const acts: string[] = [];
  let use: (() => void) | undefined;
  const massive = noFaults(() => acts.push('sockets dropped'));
  const discord = {
    killSockets: () => void acts.push('killed'),
    reconnect: () => void acts.push('asked to reconnect'),
    failNext: (_route: RegExp, _status: number | 'reset', options?: { readonly onUsed?: () => void }) => {
      use = options?.onUsed;
      return () => {
        use = undefined;
      };
    },
  };
  const menu = createFaultMenu({ massive, discord });
  const on = (): string[] =>
    menu
      .list()
      .filter((one) => one.on)
      .map((one) => one.key);
  return { acts, massive, menu, on, useUp: () => use?.(), isArmed: () => use !== undefined };
}

describe('the faults menu', () => {
  it('names every fault of both parts, none broken at the start', () => {
    const { menu, on } = setUp();
    expect(menu.list().map(({ group, kind }) => `${group} ${kind}`)).toEqual([
      ...Array.from({ length: 6 }, () => 'market switch'),
      ...Array.from({ length: 3 }, () => 'discord once'),
    ]);
    expect(on()).toEqual([]);
  });

  it('breaks and heals each switch without touching the others', () => {
    const { menu, on, massive } = setUp();
    const whole = JSON.stringify(massive);
    for (const { key, kind } of menu.list()) {
      if (kind === 'once') continue;
      menu.set(key, true);
      expect(on()).toEqual([key]);
      menu.set(key, false);
      expect(JSON.stringify(massive)).toBe(whole);
    }
  });

  it('cuts open sockets when the stream or the provider goes', () => {
    const { menu, acts } = setUp();
    menu.set('stream_cut', true);
    menu.set('provider_unreachable', true);
    menu.set('provider_unreachable', false);
    expect(acts).toEqual(['sockets dropped', 'sockets dropped']);
  });

  it('gives one answer at a time: 429 takes the place of 503, and healing 503 leaves it', () => {
    const { menu, on } = setUp();
    menu.set('rest_503', true);
    menu.set('rest_429', true);
    menu.set('rest_503', false);
    expect(on()).toEqual(['rest_429']);
  });

  it('keeps a fault that waits for its moment on until it is used up, and tells of it', () => {
    const { menu, on, useUp, isArmed } = setUp();
    const told: (readonly PersonFault[])[] = [];
    const hush = menu.onChange((faults) => told.push(faults));
    menu.set('alert_denied', true);
    expect(on()).toEqual(['alert_denied']);
    useUp();
    expect(on()).toEqual([]);
    expect(told.map((faults) => faults.some((one) => one.on))).toEqual([true, false]);
    menu.set('alert_denied', true);
    menu.set('alert_denied', false);
    expect(isArmed()).toBe(false);
    hush();
    menu.set('alert_denied', true);
    expect(told).toHaveLength(4);
  });

  it('does what happens once when it is turned on, and nothing when it is turned off', () => {
    const { menu, on, acts } = setUp();
    menu.set('bot_killed', true);
    menu.set('bot_reconnect', true);
    menu.set('bot_killed', false);
    expect(acts).toEqual(['killed', 'asked to reconnect']);
    expect(on()).toEqual([]);
  });

  it('has no entry for a part that is live, and refuses what it does not know', () => {
    expect(createFaultMenu({}).list()).toEqual([]);
    const { menu } = setUp();
    expect(() => menu.set('everything', true)).toThrow('There is no fault "everything" here, need one of: stream_cut');
  });
});
