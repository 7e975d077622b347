import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commands } from '../../commands/index.ts';
import type { CommandDefinition } from '../../src/command.ts';
import { coerced, inputFields } from '../../src/discord/input-fields.ts';
import { slashCommands } from '../../src/discord/registry.ts';
import { createDiscordValidator } from '../contracts/discord/validator.ts';
import { stubCommands } from './stub-commands.ts';

const validator = createDiscordValidator();
const GUILD = '/applications/100000000000000001/guilds/100000000000000002/commands';
const GLOBAL = '/applications/100000000000000001/commands';

describe('the commands as Discord is told of them', () => {
  it('are all within its limits, in a guild and everywhere', () => {
    const guild = slashCommands(commands, 'guild');
    const global = slashCommands(commands, 'global');
    expect(guild.length).toBeGreaterThanOrEqual(10);
    expect(validator.request('PUT', GUILD, guild)).toEqual([]);
    expect(validator.request('PUT', GLOBAL, global)).toEqual([]);
  });

  it('say explicitly that they are for servers only', () => {
    for (const command of slashCommands(commands, 'global')) {
      expect(command).toMatchObject({ integration_types: [0], contexts: [0] });
    }
    expect(slashCommands(commands, 'guild')[0]).not.toHaveProperty('contexts');
  });

  it('group words into subcommands and leave out what has no slash name', () => {
    const [, plan, risk] = slashCommands(stubCommands, 'guild');
    expect(plan).toMatchObject({
      name: 'plan',
      options: [
        { type: 1, name: 'build' },
        { type: 1, name: 'list' },
      ],
    });
    expect(JSON.stringify(slashCommands(stubCommands, 'guild'))).not.toContain('why');
    // the form asks for what is not typed
    expect(risk?.options?.map(({ name, required }: { name: string; required?: boolean }) => [name, required])).toEqual([
      ['account', false],
      ['percent', false],
    ]);
  });

  it('take types, choices, ranges and suggestions from the input', () => {
    const command = {
      ...stubCommands[0],
      slash: 'sample',
      input: z.object({
        howMany: z.coerce.number().int().min(1).max(20).default(10).describe('How many'),
        direction: z.enum(['up', 'down']).describe('Which way'),
        symbol: z.string().trim().min(1).max(24).describe('Ticker'),
        loud: z.boolean().optional().describe('Loud'),
      }),
    } as unknown as CommandDefinition;
    expect(slashCommands([command], 'guild')[0]?.options).toEqual([
      {
        type: 3,
        name: 'direction',
        description: 'Which way',
        required: true,
        choices: [
          { name: 'up', value: 'up' },
          { name: 'down', value: 'down' },
        ],
      },
      {
        type: 3,
        name: 'symbol',
        description: 'Ticker',
        required: true,
        autocomplete: true,
        min_length: 1,
        max_length: 24,
      },
      { type: 4, name: 'how-many', description: 'How many', required: false, min_value: 1, max_value: 20 },
      { type: 5, name: 'loud', description: 'Loud', required: false },
    ]);
  });

  it('cannot be a command and a group at once', () => {
    const [price] = stubCommands;
    if (!price) throw new Error('no command');
    expect(() => slashCommands([price, { ...price, name: 'other', slash: 'price now' }], 'guild')).toThrow(
      '/price cannot be',
    );
  });
});

describe('text from a form', () => {
  const fields = inputFields({ input: z.object({ amount: z.number(), flag: z.boolean(), word: z.string() }) });
  const field = (key: string) => fields.find((each) => each.key === key);

  it('becomes what the field asks for, and stays text where it cannot', () => {
    expect(coerced(field('amount'), ' $10,000 ')).toBe(10_000);
    expect(coerced(field('amount'), '1.5 %')).toBe(1.5);
    expect(coerced(field('amount'), 'ten')).toBe('ten');
    expect(coerced(field('amount'), '')).toBe('');
    expect(coerced(field('flag'), 'TRUE')).toBe(true);
    expect(coerced(field('word'), ' 7 ')).toBe('7');
    expect(coerced(undefined, 'x')).toBe('x');
  });
});
