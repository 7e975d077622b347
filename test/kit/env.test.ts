import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, loadDotEnv, readEnv, secretsOf } from '../../src/kit/env.ts';
import { LIVE_SETTINGS } from './live-settings.ts';

function problemsOf(source: Record<string, string>): readonly string[] {
  try {
    readEnv(source);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('settings', () => {
  it('need nothing: without any the bot lives in the sandbox', () => {
    expect(readEnv({})).toEqual({
      logLevel: 'warn',
      dataDir: '.data',
      dataLicense: 'individual',
      http: { port: 3000, host: '127.0.0.1', trustProxyHops: 0, bodyLimitBytes: 16_384 },
      adminKey: undefined,
      massive: undefined,
      discord: undefined,
      supabase: undefined,
      model: undefined,
      sandbox: { session: '2015-12-23', speed: 60, port: 4040, paused: false },
    });
  });

  it('switch every part on by its key', () => {
    expect(readEnv(LIVE_SETTINGS)).toEqual({
      logLevel: 'warn',
      dataDir: '/var/coach',
      dataLicense: 'business_delayed',
      http: { port: 8080, host: '0.0.0.0', trustProxyHops: 1, bodyLimitBytes: 4096 },
      adminKey: LIVE_SETTINGS.ADMIN_KEY,
      massive: {
        apiKey: LIVE_SETTINGS.MASSIVE_API_KEY,
        baseUrl: 'https://api.massive.test',
        wsBase: 'wss://delayed.massive.test',
        streamEnabled: false,
        ratePerMinute: 5,
      },
      discord: {
        token: LIVE_SETTINGS.DISCORD_TOKEN,
        guildId: '223456789012345678',
        alertsChannelId: '323456789012345678',
        marketChannelId: '423456789012345678',
        plansChannelId: '823456789012345678',
        opsChannelId: '923456789012345678',
        proRoleId: '623456789012345678',
        ownerId: '723456789012345678',
      },
      supabase: {
        url: 'https://project.supabase.test',
        serviceKey: LIVE_SETTINGS.SUPABASE_SERVICE_KEY,
        anonKey: LIVE_SETTINGS.SUPABASE_ANON_KEY,
        jwtSecret: LIVE_SETTINGS.SUPABASE_JWT_SECRET,
      },
      model: {
        apiKey: LIVE_SETTINGS.OPENAI_API_KEY,
        baseUrl: 'https://models.test/v1',
        model: 'house/small-2:latest',
      },
      sandbox: { session: '2014-06-06', speed: 600, port: 4141, paused: true },
    });
  });

  it('know their secrets', () => {
    const { ADMIN_KEY, MASSIVE_API_KEY, DISCORD_TOKEN, SUPABASE_SERVICE_KEY, SUPABASE_ANON_KEY, SUPABASE_JWT_SECRET } =
      LIVE_SETTINGS;
    const { OPENAI_API_KEY } = LIVE_SETTINGS;
    const secrets = [
      OPENAI_API_KEY,
      ADMIN_KEY,
      MASSIVE_API_KEY,
      DISCORD_TOKEN,
      SUPABASE_SERVICE_KEY,
      SUPABASE_ANON_KEY,
    ];
    expect(secretsOf(readEnv(LIVE_SETTINGS)).sort()).toEqual([...secrets, SUPABASE_JWT_SECRET].sort());
    expect(secretsOf(readEnv({}))).toEqual([]);
  });

  it.each(['false', 'FALSE', '0', 'no', 'off'])('read %s as false', (text) => {
    const env = readEnv({ MASSIVE_API_KEY: 'some-key-here', FEATURE_ENABLE_MASSIVE_STREAM: text });
    expect(env.massive?.streamEnabled).toBe(false);
  });

  it('take an empty or blank value as none', () => {
    expect(readEnv({ SANDBOX_SPEED: '', DISCORD_TOKEN: '  ', MASSIVE_API_KEY: '\r' })).toEqual(readEnv({}));
  });

  it('cannot be changed by whoever got them', () => {
    const env = readEnv(LIVE_SETTINGS);
    expect(Object.isFrozen(env)).toBe(true);
    for (const part of [env.http, env.massive, env.discord, env.supabase, env.model, env.sandbox]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });

  it('are complete in production', () => {
    expect(problemsOf({ NODE_ENV: 'production' }).map((line) => line.split(' ')[0])).toEqual([
      'MASSIVE_API_KEY',
      'DISCORD_TOKEN',
      'DISCORD_GUILD_ID',
      'DISCORD_ALERTS_CHANNEL_ID',
      'SUPABASE_URL',
      'SUPABASE_SERVICE_KEY',
      'SUPABASE_ANON_KEY',
      'SUPABASE_JWT_SECRET',
      'ADMIN_KEY',
    ]);
  });

  it('of one part come together', () => {
    expect(problemsOf({ DISCORD_TOKEN: LIVE_SETTINGS.DISCORD_TOKEN, MASSIVE_WS_BASE: 'wss://x.test' })).toEqual([
      'MASSIVE_API_KEY is missing: it is needed when MASSIVE_WS_BASE is set.',
      'DISCORD_GUILD_ID is missing: it is needed when DISCORD_TOKEN is set.',
      'DISCORD_ALERTS_CHANNEL_ID is missing: it is needed when DISCORD_TOKEN is set.',
    ]);
  });

  it("of the coach's model need the key alone, in production too", () => {
    const { OPENAI_BASE_URL: _, OPENAI_MODEL: __, ...named } = LIVE_SETTINGS;
    expect(readEnv(named).model).toEqual({
      apiKey: LIVE_SETTINGS.OPENAI_API_KEY,
      baseUrl: 'https://api.openai.com/v1',
      model: 'gpt-5-mini',
    });
    const { OPENAI_API_KEY: ___, ...keyless } = named;
    expect(readEnv(keyless).model).toBeUndefined();
    expect(problemsOf({ OPENAI_MODEL: 'gpt-5-mini' })).toEqual([
      'OPENAI_API_KEY is missing: it is needed when OPENAI_MODEL is set.',
    ]);
  });

  it('tell every problem at once', () => {
    const problems = problemsOf({
      HTTP_PORT: 'eighty',
      SANDBOX_SPEED: '601',
      SANDBOX_SPED: '10',
      RATE_LIMIT: '5',
      ADMIN_KEY: 'short',
      SUPABASE_URL: 'ftp://x.test',
    });
    const names = ['SANDBOX_SPED', 'RATE_LIMIT', 'HTTP_PORT', 'ADMIN_KEY', 'SUPABASE_URL', 'SANDBOX_SPEED'];
    expect(problems.map((line) => line.split(' ')[0])).toEqual([
      ...names,
      'SUPABASE_SERVICE_KEY',
      'SUPABASE_ANON_KEY',
      'SUPABASE_JWT_SECRET',
    ]);
    expect(problems).toContain('SANDBOX_SPEED must be a whole number from 1 to 600.');
  });

  it('of other programs on the machine do not stop the bot', () => {
    const others = ['HTTP_PROXY', 'OPENAI_ORG_ID', 'SUPABASE_ACCESS_TOKEN', 'PATH', 'HOME', 'npm_config_user_agent'];
    expect(problemsOf(Object.fromEntries(others.map((name) => [name, 'anything'])))).toEqual([]);
  });

  it('may speak unencrypted to this machine only', () => {
    for (const host of ['127.0.0.1:4040', 'localhost:4040', '[::1]:4040']) {
      expect(problemsOf({ MASSIVE_API_KEY: 'some-key-here', MASSIVE_BASE_URL: `http://${host}` })).toEqual([]);
    }
    for (const address of [
      'http://127.0.0.1.evil.test',
      'http://localhost.evil.test',
      'http://10.0.0.1',
      'ws://127.0.0.1',
    ]) {
      expect(problemsOf({ MASSIVE_API_KEY: 'some-key-here', MASSIVE_BASE_URL: address })).toHaveLength(1);
    }
  });
});

describe('a .env file', () => {
  const folder = (): string => {
    const path = mkdtempSync(join(tmpdir(), 'coach-env-'));
    onTestFinished(() => rmSync(path, { recursive: true }));
    return path;
  };

  it('fills in what the shell does not set', () => {
    const file = join(folder(), '.env');
    writeFileSync(
      file,
      '# mine\nSANDBOX_SPEED=10\nDATA_DIR="a folder" # quoted\nPATH=/nowhere\r\nSANDBOX_PAUSED=true\r\n',
    );
    const source = loadDotEnv(file);
    expect(source.SANDBOX_SPEED).toBe('10');
    expect(source.DATA_DIR).toBe('a folder');
    expect(source.PATH).not.toBe('/nowhere');
    expect(readEnv({ SANDBOX_PAUSED: source.SANDBOX_PAUSED }).sandbox.paused).toBe(true);
  });

  it('need not be there', () => {
    expect(loadDotEnv(join(folder(), '.env')).PATH).toBeDefined();
  });

  it('that cannot be read is told in one sentence', () => {
    expect(() => loadDotEnv(folder())).toThrow(/is there but cannot be read \(EISDIR\): make it a readable file/);
  });
});
