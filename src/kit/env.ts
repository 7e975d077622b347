import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { refusalOfName, type SANDBOX_SESSIONS, VARIABLES, type VariableName } from './env-variables.ts';
import type { LogLevel } from './log.ts';

type Source = Readonly<Record<string, string | undefined>>;
type Values = z.infer<typeof VARIABLES>;

/** Everything that is wrong with the settings, one sentence each; never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The settings need ${problems.length} correction(s):\n${problems.map((line) => `  - ${line}`).join('\n')}`);
    this.problems = problems;
  }
}

/** All settings; a part that is undefined has no key and stays in the sandbox. */
export interface Env {
  readonly logLevel: LogLevel;
  readonly dataDir: string;
  readonly dataLicense: 'individual' | 'business_delayed' | 'business_realtime';
  readonly http: {
    readonly port: number;
    readonly host: string;
    readonly trustProxyHops: number;
    readonly bodyLimitBytes: number;
  };
  readonly adminKey: string | undefined;
  readonly massive:
    | {
        readonly apiKey: string;
        readonly baseUrl: string;
        /** The cluster's name is appended: `/stocks`. */
        readonly wsBase: string;
        readonly streamEnabled: boolean;
        readonly ratePerMinute: number | undefined;
      }
    | undefined;
  readonly discord:
    | {
        readonly token: string;
        readonly guildId: string;
        readonly alertsChannelId: string;
        readonly marketChannelId: string | undefined;
        /** Where offers are posted; without it none are. */
        readonly plansChannelId: string | undefined;
        /** Where failures are told; without it in the alerts channel. */
        readonly opsChannelId: string | undefined;
        readonly proRoleId: string | undefined;
        readonly ownerId: string | undefined;
      }
    | undefined;
  readonly supabase:
    | { readonly url: string; readonly serviceKey: string; readonly anonKey: string; readonly jwtSecret: string }
    | undefined;
  /** Undefined: the coach answers from templates. */
  readonly model: { readonly apiKey: string; readonly baseUrl: string; readonly model: string } | undefined;
  readonly sandbox: {
    readonly session: (typeof SANDBOX_SESSIONS)[number];
    /** Market seconds per real second. */
    readonly speed: number;
    readonly port: number;
    readonly paused: boolean;
  };
}

/** Parts that are on or off as a whole: with any of their names set, or in production where it says so, these must be there. */
const PARTS = [
  { prefix: 'MASSIVE_', inProduction: true, needs: ['MASSIVE_API_KEY'] },
  {
    prefix: 'DISCORD_',
    inProduction: true,
    needs: ['DISCORD_TOKEN', 'DISCORD_GUILD_ID', 'DISCORD_ALERTS_CHANNEL_ID'],
  },
  {
    prefix: 'SUPABASE_',
    inProduction: true,
    needs: ['SUPABASE_URL', 'SUPABASE_SERVICE_KEY', 'SUPABASE_ANON_KEY', 'SUPABASE_JWT_SECRET'],
  },
  { prefix: 'OPENAI_', inProduction: false, needs: ['OPENAI_API_KEY'] },
] as const satisfies readonly { prefix: string; inProduction: boolean; needs: readonly VariableName[] }[];

/** The settings from a set of environment variables; throws one ConfigError with all that is wrong. */
export function readEnv(source: Source): Env {
  const given = Object.fromEntries(
    Object.entries(source).flatMap(([name, value]) => {
      const text = value?.trim() ?? '';
      return text === '' ? [] : [[name, text] as const];
    }),
  );
  const parsed = VARIABLES.safeParse(given);
  const badNames = new Set(parsed.error?.issues.map((issue) => issue.path[0] as VariableName));
  const problems = [
    ...Object.keys(given).flatMap((name) => refusalOfName(name) ?? []),
    ...[...badNames].map((name) => `${name} must be ${VARIABLES.shape[name].unwrap().description}.`),
    ...missing(given),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return deepFreeze(shape(parsed.data));
}

function missing(given: Source): string[] {
  const inProduction = given.NODE_ENV === 'production';
  const problems = PARTS.flatMap(({ prefix, inProduction: isNeeded, needs }) => {
    const cause = Object.keys(given).find((name) => Object.hasOwn(VARIABLES.shape, name) && name.startsWith(prefix));
    const isDemanded = inProduction && isNeeded;
    if (!isDemanded && !cause) return [];
    const because = isDemanded ? 'NODE_ENV is production' : `${cause} is set`;
    return needs.filter((name) => !given[name]).map((name) => `${name} is missing: it is needed when ${because}.`);
  });
  if (inProduction && !given.ADMIN_KEY)
    problems.push('ADMIN_KEY is missing: it is needed when NODE_ENV is production.');
  return problems;
}

function shape(values: Values): Env {
  const { MASSIVE_API_KEY, DISCORD_TOKEN, DISCORD_GUILD_ID, DISCORD_ALERTS_CHANNEL_ID } = values;
  const { OPENAI_API_KEY } = values;
  const { SUPABASE_URL, SUPABASE_SERVICE_KEY, SUPABASE_ANON_KEY, SUPABASE_JWT_SECRET } = values;
  return {
    // at a terminal the one line that matters is where the page is
    logLevel: values.LOG_LEVEL ?? (values.NODE_ENV === 'production' ? 'info' : 'warn'),
    dataDir: values.DATA_DIR ?? '.data',
    dataLicense: values.DATA_LICENSE ?? 'individual',
    http: {
      port: values.HTTP_PORT ?? 3_000,
      host: values.HTTP_HOST ?? '127.0.0.1',
      trustProxyHops: values.TRUST_PROXY ?? 0,
      bodyLimitBytes: values.REQUEST_BODY_LIMIT ?? 16_384,
    },
    adminKey: values.ADMIN_KEY,
    massive: MASSIVE_API_KEY
      ? {
          apiKey: MASSIVE_API_KEY,
          baseUrl: values.MASSIVE_BASE_URL ?? 'https://api.massive.com',
          wsBase: values.MASSIVE_WS_BASE ?? 'wss://socket.massive.com',
          streamEnabled: values.FEATURE_ENABLE_MASSIVE_STREAM ?? true,
          ratePerMinute: values.MASSIVE_RATE_LIMIT_PER_MINUTE,
        }
      : undefined,
    discord:
      DISCORD_TOKEN && DISCORD_GUILD_ID && DISCORD_ALERTS_CHANNEL_ID
        ? {
            token: DISCORD_TOKEN,
            guildId: DISCORD_GUILD_ID,
            alertsChannelId: DISCORD_ALERTS_CHANNEL_ID,
            marketChannelId: values.DISCORD_MARKET_CHANNEL_ID,
            plansChannelId: values.DISCORD_PLANS_CHANNEL_ID,
            opsChannelId: values.DISCORD_OPS_CHANNEL_ID,
            proRoleId: values.DISCORD_PRO_ROLE_ID,
            ownerId: values.DISCORD_OWNER_ID,
          }
        : undefined,
    supabase:
      SUPABASE_URL && SUPABASE_SERVICE_KEY && SUPABASE_ANON_KEY && SUPABASE_JWT_SECRET
        ? {
            url: SUPABASE_URL,
            serviceKey: SUPABASE_SERVICE_KEY,
            anonKey: SUPABASE_ANON_KEY,
            jwtSecret: SUPABASE_JWT_SECRET,
          }
        : undefined,
    model: OPENAI_API_KEY
      ? {
          apiKey: OPENAI_API_KEY,
          baseUrl: values.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
          model: values.OPENAI_MODEL ?? 'gpt-5-mini',
        }
      : undefined,
    sandbox: {
      session: values.SANDBOX_SESSION ?? '2015-12-23',
      speed: values.SANDBOX_SPEED ?? 60,
      port: values.SANDBOX_PORT ?? 4_040,
      paused: values.SANDBOX_PAUSED ?? false,
    },
  };
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  return Object.freeze(value);
}

/** The values that must never be written anywhere. */
export function secretsOf(env: Env): string[] {
  const { adminKey, massive, discord, supabase, model } = env;
  const keys = [adminKey, massive?.apiKey, discord?.token, model?.apiKey];
  const all = [...keys, supabase?.serviceKey, supabase?.anonKey, supabase?.jwtSecret];
  return all.filter((value) => value !== undefined);
}

/** This process's variables over those of a `.env` file, which need not exist; throws ConfigError when it cannot be read. */
export function loadDotEnv(file = '.env'): Source {
  try {
    return { ...parseEnv(readFileSync(file, 'utf8')), ...process.env };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return process.env;
    throw new ConfigError([`${file} is there but cannot be read (${code}): make it a readable file, or remove it.`]);
  }
}
