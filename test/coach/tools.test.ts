import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commands } from '../../commands/index.ts';
import { argumentsOf, toolsOf } from '../../src/coach/tools.ts';
import { defineCommand } from '../../src/command.ts';

const KEYWORDS = new Set(['type', 'description', 'enum', 'minimum', 'maximum', 'pattern']);

const command = (input: z.ZodObject) =>
  defineCommand({
    name: 'x',
    tool: 'get_x',
    summary: 'X',
    guidance: 'Call for x.',
    tier: 'free',
    effect: 'read',
    input,
    output: z.object({}),
    run: async () => ({}),
    card: () => ({ layout: 'embed', tone: 'neutral', title: 'x', blocks: [] }),
  });

describe('the tools of the model', () => {
  it('are the reading commands with a name for it, in the strict dialect', () => {
    const tools = toolsOf(commands);
    expect(tools.map((tool) => tool.name)).toEqual(
      commands.flatMap((one) => (one.effect === 'read' && one.tool !== undefined ? [one.tool] : [])),
    );
    expect(tools.length).toBeGreaterThan(9);
    for (const { name, parameters, description } of tools) {
      const { properties, required, additionalProperties, type, ...rest } = parameters as Record<string, unknown>;
      expect(name).toMatch(/^[a-z_]{1,64}$/);
      expect(description.length).toBeLessThan(1_024);
      expect({ type, additionalProperties, rest }).toEqual({ type: 'object', additionalProperties: false, rest: {} });
      expect(required).toEqual(Object.keys(properties as object));
      for (const property of Object.values(properties as Record<string, object>)) {
        expect(Object.keys(property).filter((word) => !KEYWORDS.has(word))).toEqual([]);
      }
    }
  });

  it('take null for what may be missing', () => {
    const tools = new Map(toolsOf(commands).map((tool) => [tool.name, tool]));
    const movers = tools.get('get_movers');
    expect(movers?.parameters).toMatchObject({
      properties: {
        direction: { type: ['string', 'null'], enum: ['up', 'down', 'active', null] },
        limit: { type: ['integer', 'null'], minimum: 1, maximum: 20 },
      },
    });
    expect(movers && argumentsOf(movers, '{"direction":null,"limit":3}')).toEqual({ ok: true, input: { limit: 3 } });
    const news = tools.get('get_news');
    expect(news && argumentsOf(news, '{"symbol":null}')).toEqual({ ok: true, input: {} });
  });

  it.each([
    ['{"symbol":"AAPL"', 'are no JSON'],
    ['[]', 'are no object'],
    ['null', 'are no object'],
    ['{"symbol":"AAPL","memberId":"2"}', 'get_x takes symbol; found "memberId"'],
    ['{"__proto__x":1}', 'found "__proto__x"'],
    [`{"symbol":"${'A'.repeat(3_000)}"}`, 'characters of arguments'],
  ])('refuse %s', (json, reason) => {
    const [tool] = toolsOf([command(z.object({ symbol: z.string() }))]);
    expect(tool && argumentsOf(tool, json)).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it('cannot be made of an input that is not flat', () => {
    expect(() => toolsOf([command(z.object({ who: z.object({ id: z.string() }) }))])).toThrow('"who" is not');
    expect(() => toolsOf([command(z.object({ symbols: z.array(z.string()) }))])).toThrow('"symbols" is not');
  });
});
