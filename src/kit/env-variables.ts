import { z } from 'zod';
import { LOG_LEVELS } from './log.ts';
import { SHORTEST_SECRET } from './scrub.ts';

/** The days that the sandbox can start on. */
export const SANDBOX_SESSIONS = ['2015-12-23', '2013-10-08', '2014-06-06'] as const;

const SHORTEST_ADMIN_KEY = 32;
const SHORTEST_JWT_SECRET = 32;
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

const whole = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(from).max(to));
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values).describe(`one of ${values.join(', ')}`);
const wholeNumber = (from: number, to: number) => whole(from, to).describe(`a whole number from ${from} to ${to}`);
const flag = () => z.stringbool().describe('true or false');
const secret = (shortest: number) =>
  z
    .string()
    .min(shortest)
    .regex(/^[\x21-\x7e]+$/)
    .describe(`at least ${shortest} characters without spaces`);
const discordId = () =>
  z
    .string()
    .regex(/^\d{17,20}$/)
    .describe('a Discord id of 17 to 20 digits (Developer Mode, right click, Copy ID)');

/** An address without credentials, query or last slash; the unencrypted scheme only on this machine. */
const address = (secure: 'https' | 'wss', plain: 'http' | 'ws') =>
  z
    .string()
    .refine((text) => {
      if (!URL.canParse(text)) return false;
      const url = new URL(text);
      if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
      return (
        url.protocol === `${secure}:` || (url.protocol === `${plain}:` && LOOPBACK.includes(url.hostname.toLowerCase()))
      );
    })
    .transform((text) => new URL(text).href.replace(/\/+$/, ''))
    .describe(`a ${secure}:// address without key or query (${plain}:// only on this machine)`);

/** Every setting there is; `description` says what a value must be. All may be left out. */
export const VARIABLES = z.object({
  NODE_ENV: oneOf(['development', 'test', 'production']).optional(),
  LOG_LEVEL: oneOf(LOG_LEVELS).optional(),
  DATA_DIR: z.string().min(1).describe('a folder').optional(),
  DATA_LICENSE: oneOf(['individual', 'business_delayed', 'business_realtime']).optional(),

  HTTP_PORT: wholeNumber(0, 65_535).optional(),
  HTTP_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:-]{1,253}$/)
    .describe('an IP address or a host name')
    .optional(),
  TRUST_PROXY: wholeNumber(0, 10).optional(),
  REQUEST_BODY_LIMIT: wholeNumber(1_024, 1_048_576).optional(),
  ADMIN_KEY: secret(SHORTEST_ADMIN_KEY).optional(),

  MASSIVE_API_KEY: secret(SHORTEST_SECRET).optional(),
  MASSIVE_BASE_URL: address('https', 'http').optional(),
  MASSIVE_WS_BASE: address('wss', 'ws').optional(),
  MASSIVE_RATE_LIMIT_PER_MINUTE: wholeNumber(1, 100_000).optional(),
  FEATURE_ENABLE_MASSIVE_STREAM: flag().optional(),
  FEATURE_POLYGON_ENABLED: z
    .stringbool()
    .pipe(z.literal(false))
    .describe('false: that provider is Massive now, under MASSIVE_API_KEY')
    .optional(),

  DISCORD_TOKEN: z
    .string()
    .min(50)
    .regex(/^[\w.-]+$/)
    .describe('the bot token alone, 50 characters or more, without the word Bot before it')
    .optional(),
  DISCORD_GUILD_ID: discordId().optional(),
  DISCORD_ALERTS_CHANNEL_ID: discordId().optional(),
  DISCORD_MARKET_CHANNEL_ID: discordId().optional(),
  DISCORD_PLANS_CHANNEL_ID: discordId().optional(),
  DISCORD_OPS_CHANNEL_ID: discordId().optional(),
  DISCORD_PRO_ROLE_ID: discordId().optional(),
  DISCORD_OWNER_ID: discordId().optional(),

  SUPABASE_URL: address('https', 'http').optional(),
  SUPABASE_SERVICE_KEY: secret(20).optional(),
  SUPABASE_ANON_KEY: secret(20).optional(),
  SUPABASE_JWT_SECRET: secret(SHORTEST_JWT_SECRET).optional(),

  OPENAI_API_KEY: secret(SHORTEST_SECRET).optional(),
  OPENAI_BASE_URL: address('https', 'http').optional(),
  OPENAI_MODEL: z
    .string()
    .regex(/^[\w.:/-]{1,100}$/)
    .describe('the name of a model, without spaces')
    .optional(),

  SANDBOX_SESSION: oneOf(SANDBOX_SESSIONS).optional(),
  SANDBOX_SPEED: wholeNumber(1, 600).optional(),
  SANDBOX_PORT: wholeNumber(0, 65_535).optional(),
  SANDBOX_PAUSED: flag().optional(),
});

export type VariableName = keyof typeof VARIABLES.shape;
export const VARIABLE_NAMES = Object.keys(VARIABLES.shape) as VariableName[];

/** Names under these that are no setting are typing mistakes. */
const OUR_PREFIXES = ['MASSIVE_', 'DISCORD_', 'SUPABASE_', 'OPENAI_', 'SANDBOX_', 'FEATURE_', 'HTTP_', 'RISK_'];

const RETIRED = /^(?:ALLOWED_WS_ORIGINS$|RATE_|POLYGON_|VITE_|NEXT_PUBLIC_)/;

/** Under our prefixes, but often set on a machine for other programs: the proxy's, OpenAI's and Supabase's own tools. */
const OF_OTHERS = new Set([
  'HTTP_PROXY',
  'OPENAI_ORG_ID',
  'OPENAI_PROJECT_ID',
  'SUPABASE_ACCESS_TOKEN',
  'SUPABASE_DB_PASSWORD',
  'SUPABASE_PROJECT_ID',
]);

/** One sentence when this name must not be set, else undefined. */
export function refusalOfName(name: string): string | undefined {
  if (Object.hasOwn(VARIABLES.shape, name) || OF_OTHERS.has(name)) return undefined;
  if (RETIRED.test(name)) return `${name} is a retired setting: remove it.`;
  if (OUR_PREFIXES.some((prefix) => name.startsWith(prefix))) {
    return `${name} is not a setting: correct its name after .env.example, or remove it.`;
  }
  return undefined;
}
