import { describe, expect, it } from 'vitest';
import { ConfigError, readEnv } from '../../src/kit/env.ts';
import { VARIABLE_NAMES } from '../../src/kit/env-variables.ts';
import { LIVE_SETTINGS, type SettingName } from './live-settings.ts';

/** Told apart from anything that a sentence may say. */
const CANARY = 'zq9-canary';

const notANumber = [CANARY, '-1', '1.5', '1e3', '0x10', '99999999999', `12 ${CANARY}`];
const notAFlag = [CANARY, '2', 'maybe', 'tru', 'null'];
const notAnAddress = (scheme: string): string[] => [
  CANARY,
  `//${CANARY}.test`,
  `ftp://${CANARY}.test`,
  `${scheme}://user:${CANARY}@x.test`,
  `${scheme}://x.test/?apiKey=${CANARY}`,
  `${scheme === 'https' ? 'http' : 'ws'}://${CANARY}.test`,
];
const notAnId = [CANARY, '123', `<@${LIVE_SETTINGS.DISCORD_GUILD_ID}>`, '1'.repeat(40)];
const notAKey = ['zq9', `${CANARY} with spaces in it, long enough`, `${CANARY}-ünïcödé-long-enough-for-any-key`];

const WRONG: Readonly<Record<SettingName, readonly string[]>> = {
  NODE_ENV: [CANARY, 'prod', 'Production', 'production;'],
  LOG_LEVEL: [CANARY, 'verbose', 'WARN', '30'],
  DATA_DIR: [],
  DATA_LICENSE: [CANARY, 'business_live', 'Individual'],
  HTTP_PORT: [...notANumber, '65536'],
  HTTP_HOST: [`${CANARY} host`, `http://${CANARY}`, `${CANARY}/path`],
  TRUST_PROXY: [...notANumber, '11', 'true'],
  REQUEST_BODY_LIMIT: [...notANumber, '1023', '16kb'],
  ADMIN_KEY: [...notAKey, `${CANARY}-of-31-characters-onl`],
  MASSIVE_API_KEY: notAKey,
  MASSIVE_BASE_URL: notAnAddress('https'),
  MASSIVE_WS_BASE: notAnAddress('wss'),
  MASSIVE_RATE_LIMIT_PER_MINUTE: [...notANumber, '0'],
  FEATURE_ENABLE_MASSIVE_STREAM: notAFlag,
  FEATURE_POLYGON_ENABLED: [...notAFlag, 'true', '1', 'yes'],
  DISCORD_TOKEN: [CANARY, `Bot ${LIVE_SETTINGS.DISCORD_TOKEN}`, `${CANARY}/${'x'.repeat(60)}`],
  DISCORD_GUILD_ID: notAnId,
  DISCORD_ALERTS_CHANNEL_ID: notAnId,
  DISCORD_MARKET_CHANNEL_ID: notAnId,
  DISCORD_PLANS_CHANNEL_ID: notAnId,
  DISCORD_OPS_CHANNEL_ID: notAnId,
  DISCORD_PRO_ROLE_ID: notAnId,
  DISCORD_OWNER_ID: notAnId,
  SUPABASE_URL: notAnAddress('https'),
  SUPABASE_SERVICE_KEY: notAKey,
  SUPABASE_ANON_KEY: notAKey,
  SUPABASE_JWT_SECRET: [...notAKey, `${CANARY}-of-31-characters-onl`],
  OPENAI_API_KEY: notAKey,
  OPENAI_BASE_URL: notAnAddress('https'),
  OPENAI_MODEL: [`${CANARY} small`, `${CANARY}?key`],
  SANDBOX_SESSION: [CANARY, '2015-12-24', '2015-12-23T00:00'],
  SANDBOX_SPEED: [...notANumber, '0', '601'],
  SANDBOX_PORT: [...notANumber, '65536'],
  SANDBOX_PAUSED: notAFlag,
};

const UNKNOWN = [
  ...['MASSIVE_APIKEY', 'DISCORD_BOT_TOKEN', 'SUPABASE_KEY', 'OPENAI_MODLE', 'SANDBOX_SPED', 'FEATURE_MOCK_MODE'],
  ...['HTTP_PROT', 'RISK_MAX', 'ALLOWED_WS_ORIGINS', 'RATE_LIMIT_MAX', 'POLYGON_API_KEY', 'VITE_API_URL'],
  ...['NEXT_PUBLIC_SUPABASE_URL', 'FEATURE_', 'FEATURE_constructor', 'FEATURE___proto__'],
];

function problemsOf(source: Record<string, string>): readonly string[] {
  try {
    readEnv(source);
  } catch (error) {
    if (error instanceof ConfigError) {
      expect(
        JSON.stringify({ ...error, message: error.message, stack: error.stack, cause: error.cause }),
      ).not.toContain('zq9');
      return error.problems;
    }
    throw error;
  }
  return [];
}

const wrong = Object.entries(WRONG).flatMap(([name, values]) => values.map((value) => [name, value] as const));
const names = Object.keys(LIVE_SETTINGS) as SettingName[];

describe('a mistake in the settings', () => {
  it('is looked for in every setting that there is', () => {
    expect([...VARIABLE_NAMES].sort()).toEqual([...names].sort());
    expect(wrong.length + UNKNOWN.length).toBeGreaterThanOrEqual(120);
  });

  it.each(wrong)('in %s (%s) stops the bot with the name and without the value', (name, value) => {
    const problems = problemsOf({ ...LIVE_SETTINGS, [name]: value });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} must be (?!undefined).{5,}\\.$`));
    if (value.length > 5) expect(problems[0]).not.toContain(value);
  });

  it.each(UNKNOWN)('of the name %s is told', (name) => {
    const problems = problemsOf({ ...LIVE_SETTINGS, [name]: CANARY });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name} is (?:not a|a retired) setting: `));
  });

  it('in all settings at once is told once for each', () => {
    const source = Object.fromEntries(names.map((name) => [name, WRONG[name][0] ?? '']));
    const told = problemsOf(source).map((line) => line.split(' ')[0]);
    expect(told.sort()).toEqual(names.filter((name) => name !== 'DATA_DIR').sort());
  });
});
