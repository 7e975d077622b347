import type { PersonFault } from '../../../src/sandbox/discord/person-api.ts';

export const BOT = { id: '1000000000000000001', username: 'Trading Coach', global_name: 'Trading Coach', bot: true };
export const PEOPLE = [
  { id: '1000000000000000011', name: 'olivia', role: 'owner' },
  { id: '1000000000000000012', name: 'pete', role: 'pro' },
  { id: '1000000000000000013', name: 'frida', role: 'free' },
] as const;
export const GENERAL = '1000000000000000101';
export const PLANS = '1000000000000000102';
export const THREAD = '1000000000000000104';
const ALERTS = '1000000000000000103';

const user = (id: string): object => {
  const person = PEOPLE.find((one) => one.id === id);
  return person ? { id, username: person.name, global_name: person.name } : BOT;
};

let last = 1_000_000_000_000_001_000n;
let at = Date.parse('2026-11-20T15:30:00Z');

/** A fresh snowflake. */
export function freshId(): string {
  last += 1n;
  return String(last);
}

export interface WireMessage {
  readonly id: string;
  readonly channel_id: string;
  readonly [key: string]: unknown;
}

/** A message as Discord's wire has it, with everything empty that `parts` leaves out. */
export function wireMessage(channelId: string, authorId: string, parts: Record<string, unknown>): WireMessage {
  at += 4_000;
  return {
    id: freshId(),
    channel_id: channelId,
    author: user(authorId),
    content: '',
    timestamp: new Date(at).toISOString(),
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    components: [],
    pinned: false,
    type: 0,
    flags: 0,
    ...parts,
  };
}

/** The parts of a message that answers `/command`. */
export function usedBy(personId: string, command: string): Record<string, unknown> {
  return {
    type: 20,
    interaction_metadata: {
      id: freshId(),
      type: 2,
      name: command,
      user: user(personId),
      authorizing_integration_owners: {},
    },
  };
}

export const CHANNELS = [
  { id: GENERAL, name: 'general', topic: 'Ask the coach anything. Try /price or /plan build.', archived: false },
  { id: PLANS, name: 'plans', topic: 'Plan offers; each one has its own thread.', archived: false },
  { id: ALERTS, name: 'alerts', archived: false },
  { id: THREAD, name: 'AAPL long 7f3a9c', parentId: PLANS, archived: false },
];

const symbol = { type: 3, name: 'symbol', description: 'Ticker, like AAPL', required: true, autocomplete: true };
const timeframe = {
  type: 3,
  name: 'timeframe',
  description: 'Width of a bar',
  choices: ['1m', '5m', '15m', '1d'].map((value) => ({ name: value, value })),
};
export const COMMANDS = [
  { id: '1', type: 1, name: 'price', description: 'Last price, spread and range of a symbol', options: [symbol] },
  {
    id: '2',
    type: 1,
    name: 'chart',
    description: 'Candles with averages and levels',
    options: [symbol, timeframe, { type: 4, name: 'bars', description: 'How many', min_value: 20, max_value: 200 }],
  },
  {
    id: '3',
    type: 1,
    name: 'plan',
    description: 'Trade plans',
    options: [
      { type: 1, name: 'build', description: 'A plan for a symbol, or why there is none', options: [symbol] },
      { type: 1, name: 'list', description: 'Plans that are alive', options: [] },
    ],
  },
  { id: '4', type: 1, name: 'status', description: 'The session, the indices and the feeds', options: [] },
  { id: '5', type: 1, name: 'movers', description: 'What moves most', options: [] },
  { id: '6', type: 1, name: 'risk', description: 'Your account size and risk per trade', options: [] },
  { id: '7', type: 1, name: 'silent', description: 'Never answers', options: [] },
];

export const SYMBOLS = [
  { name: 'AAPL · Apple', value: 'AAPL' },
  { name: 'AMZN · Amazon', value: 'AMZN' },
  { name: 'GOOG · Alphabet', value: 'GOOG' },
  { name: 'SPY · S&P 500 ETF', value: 'SPY' },
];

export const RISK_MODAL = {
  custom_id: 'risk',
  title: 'Your risk',
  components: [
    { type: 10, content: 'Plans never risk more than this.' },
    {
      type: 18,
      label: 'Account size in dollars',
      component: { type: 4, custom_id: 'account', style: 1, value: '10000' },
    },
    {
      type: 18,
      label: 'Risk per trade in percent',
      description: 'Most traders stay at or under 1.',
      component: { type: 4, custom_id: 'risk', style: 1, required: true, placeholder: '1.0' },
    },
    {
      type: 18,
      label: 'Style',
      component: {
        type: 3,
        custom_id: 'style',
        placeholder: 'Pick one',
        options: [
          { label: 'Day trade', value: 'day' },
          { label: 'Swing', value: 'swing' },
        ],
      },
    },
  ],
};

/** The parts of a message that answers a press. */
export const pressedBy = (personId: string, messageId: string): Record<string, unknown> => ({
  interaction_metadata: {
    id: freshId(),
    type: 3,
    user: user(personId),
    interacted_message_id: messageId,
    authorizing_integration_owners: {},
  },
});

export const FAULTS: readonly PersonFault[] = [
  {
    key: 'stream_cut',
    label: 'Data stream cut',
    hint: 'No live stream; single requests still work',
    group: 'market',
    kind: 'switch',
    on: false,
  },
  { key: 'rest_slow', label: 'Requests slow', hint: 'Each answer is late', group: 'market', kind: 'switch', on: false },
  { key: 'bot_killed', label: 'Kill the socket', hint: 'Without a goodbye', group: 'discord', kind: 'once', on: false },
];
