import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commands } from '../../commands/index.ts';

const valuesNeedAsOf = new Set([
  'status',
  'price',
  'movers',
  'breadth',
  'news',
  'levels',
  'chart',
  'plan-build',
  'plan-show',
  'plan-list',
  'plan-why',
  'offer-why',
  'watch-list',
  'setups',
  'trade-take',
  'trade-list',
  'trade-show',
  'trade-close',
  'trade-fix',
]);

describe.each(commands.map((command) => [command.name, command] as const))('the command %s', (_name, command) => {
  it('has a face, and names that nobody else has', () => {
    // what has no name anywhere is only reached by a button, and then asks by a form
    expect(command.slash ?? command.tool ?? command.route ?? command.form).toBeDefined();
    for (const key of ['name', 'slash', 'tool', 'route'] as const) {
      if (command[key] === undefined) continue;
      expect(commands.filter((other) => other[key] === command[key])).toHaveLength(1);
    }
  });

  it('says what it gives and when to call it, within the limits of every platform', () => {
    expect(command.summary.length).toBeGreaterThan(0);
    expect(command.summary.length).toBeLessThanOrEqual(100);
    expect(command.guidance.length).toBeGreaterThan(0);
    if (command.tool) expect(command.tool).toMatch(/^[a-z][a-z_]{2,63}$/);
    if (command.route) expect(command.route).toMatch(/^\/api\/[a-z-]+$/);
    if (command.slash) expect(command.slash).toMatch(/^[a-z]{1,32}( [a-z]{1,32})?$/);
  });

  it('is flat: every option is a text, a number, a flag or one of a list', () => {
    const schema = z.toJSONSchema(command.input, { io: 'input', unrepresentable: 'any' }) as {
      properties?: Record<string, { type?: string; enum?: unknown[] }>;
    };
    for (const property of Object.values(schema.properties ?? {})) {
      expect(['string', 'number', 'integer', 'boolean', undefined]).toContain(property.type);
    }
  });

  it('never lets the model or a GET route write', () => {
    if (command.effect !== 'write') return;
    expect(command.tool).toBeUndefined();
    expect(command.route).toBeUndefined();
  });

  it('gives the time and the source of every market number', () => {
    const text = JSON.stringify(z.toJSONSchema(command.output, { io: 'output', unrepresentable: 'any' }));
    expect(text.includes('"asOf"')).toBe(valuesNeedAsOf.has(command.name));
  });

  it('turns away what is not in its input without a surprise', () => {
    for (const raw of [
      null,
      7,
      'text',
      [],
      { symbol: {} },
      { symbol: ['AAPL'] },
      { limit: 'NaN', direction: 'sideways' },
    ]) {
      expect(() => command.input.safeParse(raw)).not.toThrow();
    }
  });
});
