import { SnowflakeUtil } from 'discord.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSnowflakes, fixedId, snowflakeAt } from '../../../src/sandbox/discord/snowflake.ts';

const instant = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });

it('ids rise even when the clock stands still or goes back', () => {
  fc.assert(
    fc.property(fc.array(instant, { minLength: 2, maxLength: 50 }), (times) => {
      let now = 0;
      const ids = createSnowflakes(() => now);
      const made = times.map((at) => {
        now = at;
        return BigInt(ids.next());
      });
      expect(made.every((id, n) => n === 0 || id > (made[n - 1] ?? 0n))).toBe(true);
    }),
  );
});

it('an id tells its time as discord.js reads it', () => {
  fc.assert(
    fc.property(instant, (at) => {
      const id = createSnowflakes(() => at).next();
      expect([snowflakeAt(id), Number(SnowflakeUtil.timestampFrom(id))]).toEqual([at, at]);
    }),
  );
});

it('what every sandbox has keeps its id', () => {
  expect(fixedId(1)).toBe('1457742942306304001');
});
