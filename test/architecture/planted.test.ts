import { describe, expect, it } from 'vitest';
import { unreachable, wrongImports } from './import-rules.ts';
import { badlyNamed, brokenText, TEXT_RULES, tooLong } from './text-rules.ts';

const plant = (path: string, source: string) => new Map([[path, source]]);

describe('a planted import', () => {
  it.each([
    ['src/domain/plan.ts', "import { retry } from '../kit/retry.ts';"],
    ['src/domain/plan.ts', "import type { Clock } from '../kit/clock.ts';"],
    ['src/domain/plan.ts', "import { readFileSync } from 'node:fs';"],
    ['src/domain/detectors/all.ts', "import { pino } from 'pino';"],
    ['src/kit/log.ts', "import type { Bar } from '../domain/bar.ts';"],
    ['src/massive/rest.ts', "export { createStore } from '../store/store.ts';"],
    ['src/store/store.ts', "import {\n  a,\n  type B,\n} from '../services/plans.ts';"],
    ['src/cards/card.ts', "import type { Ctx } from '../command.ts';"],
    ['src/services/market.ts', "import { priceCard } from '../cards/price-card.ts';"],
    ['src/services/market.ts', "const { startMassive } = await import('../sandbox/massive/start.ts');"],
    ['src/discord/bot.ts', "import '../http/server.ts';"],
    ['src/discord/bot.ts', "import { price } from '../../commands/price.ts';"],
    ['src/http/server.ts', "import type { Services } from '../services/services.ts';"],
    ['src/sandbox/massive/rest.ts', "import { wire } from '../../massive/wire/aggs.ts';"],
    ['src/sandbox/massive/start.ts', "new Worker(new URL('../../store/embedded/worker.ts', import.meta.url));"],
    ['commands/price.ts', "import { createMarket } from '../src/services/market.ts';"],
    ['commands/price.ts', "import { bars } from '../test/domain/bars.ts';"],
    ['src/main.ts', "import { createStore } from './store/store.ts';"],
    ['src/services/plans.ts', "import { createClient } from '@supabase/supabase-js';"],
    ['src/http/server.ts', "import { Client } from 'discord.js';"],
    ['src/sandbox/discord/start.ts', "import { REST } from 'discord.js';"],
    ['src/massive/rest.ts', "import { PGlite } from '@electric-sql/pglite';"],
    ['src/elsewhere/thing.ts', 'export const x = 1;'],
  ])('is found in %s: %s', (path, source) => {
    expect(wrongImports(plant(path, source))).toHaveLength(1);
  });

  it('is not seen where the layers allow it, or in a comment', () => {
    const tree = new Map([
      ['src/domain/plan.ts', "import { createHash } from 'node:crypto';\nimport { z } from 'zod';\nimport './bar.ts';"],
      ['src/services/plans.ts', "// import x from '../cards/card.ts'\nimport type { Plan } from '../domain/plan.ts';"],
      ['commands/price.ts', "import { defineCommand } from '../src/command.ts';"],
      ['src/app.ts', "import { commands } from '../commands/index.ts';\nimport './sandbox/start.ts';"],
    ]);
    expect(wrongImports(tree)).toEqual([]);
  });
});

describe('a planted line', () => {
  const planted: Record<keyof typeof TEXT_RULES, readonly (readonly [path: string, source: string])[]> = {
    environment: [
      ['src/app.ts', 'const level = process.env.LOG_LEVEL;'],
      ['src/kit/log.ts', "import { env } from 'node:process';"],
    ],
    impureDomain: [
      ['src/domain/bar.ts', 'const now = Date.now();'],
      ['src/domain/bar.ts', 'const now = new Date();'],
      ['src/domain/bar.ts', 'const luck = Math.random();'],
      ['src/domain/plan.ts', 'const id = randomUUID();'],
      ['src/domain/plan.ts', 'setTimeout(() => {}, 1);'],
      ['src/domain/plan.ts', 'names.sort((a, b) => a.localeCompare(b));'],
      ['src/domain/plan.ts', "await fetch('x');"],
    ],
    wallClock: [['src/services/market.ts', 'const now = Date.now();']],
    massiveEndpoint: [['src/services/market.ts', "const path = '/v2/aggs/ticker/SPY';"]],
    table: [
      ['src/services/members.ts', "client.from('members').select();"],
      ['commands/watch.ts', "client.rpc('claim_outbox', {});"],
    ],
    serviceKey: [['src/discord/bot.ts', 'const key = env.supabase.serviceKey;']],
    posting: [
      ['src/discord/conversation.ts', 'await rest.post(Routes.channelMessages(id), { body });'],
      ['src/coach/turn.ts', 'await fetch("https://discord.com/api/channels/1/messages");'],
    ],
    console: [['src/discord/bot.ts', "console.warn('here');"]],
    oldProvider: [['src/massive/rest.ts', "const base = 'https://api.polygon.io';"]],
    neighbour: [['test/domain/bar.test.ts', "readFileSync('../shared/market-data/x.csv');"]],
  };

  for (const [name, cases] of Object.entries(planted)) {
    it.each(cases)(`is found by the ${name} rule in %s: %s`, (path, source) => {
      expect(brokenText(plant(path, source), TEXT_RULES[name as keyof typeof TEXT_RULES])).toHaveLength(1);
    });
  }

  it('is not seen in a comment, in its one right place, or where the words mean something else', () => {
    const clean = [
      ['environment', 'src/kit/env.ts', 'return process.env;'],
      ['impureDomain', 'src/domain/bar.ts', '// Date.now() is not for us\nconst day = new Date(openAt);'],
      ['massiveEndpoint', 'src/massive/rest/bars.ts', "const path = '/v2/aggs/ticker/SPY';"],
      ['table', 'src/discord/bot.ts', "Buffer.from('a'); Array.from('abc'); Iterator.from(list);"],
      ['posting', 'src/discord/posts.ts', 'rest.post(Routes.channelMessages(channelId));'],
      ['wallClock', 'src/kit/clock.ts', 'now: () => Date.now(),'],
    ] as const;
    for (const [rule, path, source] of clean) expect(brokenText(plant(path, source), TEXT_RULES[rule])).toEqual([]);
  });
});

describe('a planted file', () => {
  it('of 251 lines is too long, of 250 is not', () => {
    expect(tooLong(plant('src/kit/a.ts', 'x\n'.repeat(251)))).toHaveLength(1);
    expect(tooLong(plant('src/kit/a.ts', 'x\n'.repeat(250)))).toEqual([]);
  });

  it.each(['src/kit/utils.ts', 'src/discord/interaction-handler.ts', 'src/helpers/time.ts', 'src/cards/index.ts'])(
    'called %s is refused',
    (path) => {
      expect(badlyNamed(plant(path, ''))).toHaveLength(1);
    },
  );

  it('called for its noun is fine, and so is the one list of commands', () => {
    expect(
      badlyNamed(
        new Map([
          ['src/store/database.ts', ''],
          ['src/massive/base-bars.ts', ''],
          ['commands/index.ts', ''],
        ]),
      ),
    ).toEqual([]);
  });

  it('that nothing leads to is found, and so is a missing entry', () => {
    const tree = new Map([
      ['src/main.ts', "import './app.ts';"],
      ['src/app.ts', "new Worker(new URL('./worker.ts', import.meta.url));"],
      ['src/worker.ts', ''],
      ['src/lost.ts', "import './app.ts';"],
    ]);
    expect(unreachable(tree, ['src/main.ts'])).toEqual(['src/lost.ts is reached by nothing']);
    expect(unreachable(tree, ['src/main.ts', 'src/lost.ts', 'src/gone.ts'])).toEqual(['src/gone.ts is missing']);
  });
});
