import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atNewYork } from '../../src/domain/session.ts';
import { type House, openHouse, textOf } from './house.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'coach-alerts-'));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const titles = (house: House, room: 'alerts' | 'market' | 'welcome'): string[] =>
  house.discord.person
    .messages(house.discord.users.owner, house.discord.channels[room])
    .map((message) => message.embeds[0]?.title ?? textOf(message).split('\n')[0] ?? '');

/** Waits on the people's side until the channel holds what it must. */
async function until(house: House, room: 'alerts' | 'market', enough: (found: string[]) => boolean): Promise<string[]> {
  const done = Promise.withResolvers<void>();
  const look = (): void => {
    if (enough(titles(house, room))) done.resolve();
  };
  const stop = house.discord.person.listen(house.discord.users.owner, look);
  const timer = setTimeout(() => done.reject(new Error(`found only: ${titles(house, room).join(' | ')}`)), 20_000);
  look();
  await done.promise.finally(() => {
    clearTimeout(timer);
    stop();
  });
  return titles(house, room);
}

describe('session alerts in the channel', () => {
  it('tell of the open and of what follows once each, in order', async () => {
    const house = await openHouse({ dataDir });
    await house.runTo(atNewYork('2015-12-23', '09:31'));
    expect(await until(house, 'alerts', (found) => found.length >= 1)).toEqual(['Market open · 2015-12-23']);
    house.control.jumpTo('next_close');
    await house.runTo(atNewYork('2015-12-23', '16:01'));
    expect(await until(house, 'alerts', (found) => found.length >= 2)).toEqual([
      'Market open · 2015-12-23',
      'Market closed · 2015-12-23',
    ]);
    await house.stop();
  });

  it('are not repeated by a restart, which goes on where the market stood', async () => {
    const house = await openHouse({ dataDir });
    expect(house.control.now()).toBe(atNewYork('2015-12-23', '16:01'));
    house.control.jumpTo('next_open');
    await house.runTo(atNewYork('2015-12-24', '09:31'));
    const found = await until(house, 'alerts', (all) => all.length >= 4);
    expect(found).toEqual([
      'Market open · 2015-12-23',
      'Market closed · 2015-12-23',
      expect.stringContaining('Pre-market · 2015-12-24'),
      'Market open · 2015-12-24',
    ]);
    await house.stop();
  });

  it('warn half an hour before an early close, and of the holiday after it', async () => {
    const house = await openHouse({ dataDir });
    house.control.jumpTo('next_close');
    await house.runTo(atNewYork('2015-12-24', '13:02'));
    const found = await until(house, 'alerts', (all) => all.length >= 7);
    expect(found.slice(4)).toEqual([
      expect.stringContaining('Early close in 30 minutes'),
      'Market closed · 2015-12-24',
      expect.stringMatching(/Holiday tomorrow: Christmas/),
    ]);
    await house.stop();
  });
});

describe('the board and the welcome', () => {
  it('stay one message each over restarts', async () => {
    const house = await openHouse({ dataDir });
    await until(house, 'market', (found) => found.length >= 1);
    expect(titles(house, 'market')).toHaveLength(1);
    expect(titles(house, 'welcome')).toHaveLength(1);
    await house.stop();
  });
});
