import { createCanvas } from '@napi-rs/canvas';

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

/** A drawing that stands for a chart, as PNG. */
export function chartPng(): Buffer {
  const canvas = createCanvas(1200, 720);
  const draw = canvas.getContext('2d');
  draw.fillStyle = '#14161a';
  draw.fillRect(0, 0, 1200, 720);
  let price = 360;
  for (let at = 0; at < 60; at += 1) {
    const next = price + Math.sin(at * 1.7) * 24 - 3;
    draw.fillStyle = next < price ? '#10B981' : '#EF4444';
    draw.fillRect(40 + at * 19, Math.min(price, next), 12, Math.abs(next - price) + 2);
    draw.fillRect(45 + at * 19, Math.min(price, next) - 14, 2, Math.abs(next - price) + 28);
    price = next;
  }
  return canvas.toBuffer('image/png');
}

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

export const row = (...components: object[]): object => ({ type: 1, components });
export const text = (content: string): object => ({ type: 10, content });
export const press = (label: string, custom_id: string, style = 2, more: object = {}): object => ({
  type: 2,
  style,
  label,
  custom_id,
  ...more,
});
const media = { url: '/attachments/chart.png', width: 1200, height: 720 };

export const planCard = (state = 'Armed'): object[] => [
  {
    type: 17,
    accent_color: 0x10b981,
    components: [
      text(`### AAPL ▲ long · opening-range breakout · 5 min\n**Confidence 62 / 100** · not measured · ${state}`),
      text(
        'Buy above **$94.10**, up to $94.25\nStop **$93.38** · 0.8 ATR under the range low · risk $0.72 a share\nT1 **$94.82** +1.0 R sell 1/2 · T2 **$95.54** +2.0 R sell 1/4\nRunner: trail 1.2 ATR',
      ),
      { type: 14, divider: true, spacing: 1 },
      text(
        '**For** 15 min and day trend up · above VWAP · volume 1.8x\n**Against** 5 min from previous day’s high · breadth 46 % advancing\nEnds <t:1450902600:t> if not triggered, <t:1450902600:R>',
      ),
      {
        type: 12,
        items: [{ media, description: 'AAPL 5 min candles, entry 94.10, stop 93.38, targets 94.82 and 95.54' }],
      },
      row(
        press('Take it', 'take', 1),
        press('Why?', 'why'),
        press('Verify', 'verify'),
        press('Watch', 'watch'),
        press('Ask coach', 'ask'),
      ),
      text('-# plan 7f3a9c · as of 10:32:15 ET · Sandbox replay of 23 Dec 2015\n-# Education, not financial advice.'),
    ],
  },
];

const kinds: object = {
  type: 17,
  accent_color: 0xf59e0b,
  components: [
    {
      type: 9,
      components: [text('## Section\nText beside a picture'), text('-# second text')],
      accessory: { type: 11, media, description: 'A small chart' },
    },
    { type: 9, components: [text('A setting with its button')], accessory: press('Change', 'change') },
    { type: 14, divider: false, spacing: 2 },
    row(
      press('Primary', 'p1', 1),
      press('Secondary', 'p2', 2),
      press('Success', 'p3', 3),
      press('Danger', 'p4', 4),
      { type: 2, style: 5, label: 'Open', url: 'https://example.com/' },
      press('Off', 'p5', 2, { disabled: true }),
    ),
    row({
      type: 3,
      custom_id: 'many',
      placeholder: 'Pick up to two',
      min_values: 1,
      max_values: 2,
      options: ['SPY', 'QQQ', 'IWM'].map((label) => ({ label, value: label })),
    }),
    row({ type: 5, custom_id: 'who', placeholder: 'A member' }),
    { type: 13, file: { url: '/attachments/levels.csv' }, name: 'levels.csv', size: 2314 },
  ],
};

const priceEmbed = {
  title: 'AAPL  $94.12  ▲ +0.8 %',
  url: 'https://example.com/aapl',
  description: 'Up **0.8 %** from the previous close, in the upper third of its range.',
  color: 0x10b981,
  fields: [
    { name: 'Bid × ask', value: '$94.11 × $94.12', inline: true },
    { name: 'Spread', value: '1.1 bps', inline: true },
    { name: 'Volume', value: '1.8x normal', inline: true },
    { name: 'Range', value: '$93.20 to $94.40', inline: true },
    { name: 'VWAP', value: '$93.88', inline: true },
    { name: 'Note', value: 'Intraday path synthesised' },
  ],
  image: media,
  footer: { text: 'as of 10:32:15 ET · Sandbox replay of 23 Dec 2015' },
};

const MARKUP = [
  '# Heading one\n## Heading two\n### Heading three\nPlain **bold** *italic* __underline__ ~~strike~~ `code` ||spoiler||',
  '> quoted line\n> second line\n- first\n- second\n  - nested\n1. one\n2. two\n-# subtext <t:1450884600:t> <t:1450884600:R>',
  '```ts\nconst risk = 0.72;\n```',
  `[masked](https://example.com/a) https://example.com/b <#${PLANS}> <@${PEOPLE[0].id}> <@&5> @everyone </price:1>`,
  '<img src=x onerror=alert(1)> [x](javascript:alert(1))',
].join('\n');

/** What the page finds when it opens: one message of every kind. */
export function startMessages(): WireMessage[] {
  const first = wireMessage(GENERAL, BOT.id, {
    content: 'Good morning. Pre-market opens <t:1450861200:R>.',
    timestamp: '2026-11-19T13:00:00Z',
  });
  const hello = wireMessage(GENERAL, PEOPLE[1].id, { content: 'morning, anything moving?' });
  return [
    first,
    hello,
    wireMessage(GENERAL, PEOPLE[1].id, { content: 'asking for a friend' }),
    wireMessage(GENERAL, BOT.id, {
      content: 'GOOG and AAPL lead.',
      type: 19,
      message_reference: { channel_id: GENERAL, message_id: hello.id },
      referenced_message: hello,
    }),
    wireMessage(GENERAL, PEOPLE[0].id, { content: MARKUP }),
    wireMessage(GENERAL, BOT.id, {
      ...usedBy(PEOPLE[0].id, 'price'),
      embeds: [priceEmbed],
      edited_timestamp: '2026-11-20T15:31:00Z',
    }),
    wireMessage(GENERAL, BOT.id, { flags: 1 << 15, components: [kinds] }),
    wireMessage(GENERAL, BOT.id, {
      content: 'The morning in one picture',
      attachments: [
        {
          id: '1',
          filename: 'chart.png',
          content_type: 'image/png',
          size: 41_000,
          ...media,
          description: 'Breadth, 62 % advancing',
        },
      ],
    }),
    wireMessage(PLANS, BOT.id, {
      flags: (1 << 15) | 32,
      components: planCard(),
      thread: { id: THREAD, name: 'AAPL long 7f3a9c', type: 11, message_count: 2 },
    }),
    wireMessage(THREAD, BOT.id, {
      content: '**Triggered** AAPL $94.12 at 10:41:00 · plan said $94.10 · slippage $0.02',
    }),
    wireMessage(THREAD, BOT.id, { content: '**T1 hit** $94.82 · half sold · stop to $94.12 · +0.5 R banked' }),
  ];
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

/** What the bot's "thinking" turns into after `/command`. */
export function answerTo(command: string, symbol: string): Record<string, unknown> {
  if (command === 'plan') return { flags: 1 << 15, components: planCard() };
  if (command === 'movers') {
    const options = SYMBOLS.map(({ value }) => ({ label: value, value, description: 'up 2.1 % on 1.8x volume' }));
    return {
      flags: 0,
      content: '**Movers**',
      components: [row({ type: 3, custom_id: 'tell', placeholder: 'Tell me about…', options })],
    };
  }
  const embeds = [{ title: `${symbol || command}  $94.12`, color: 0x10b981, description: 'as asked' }];
  return { flags: 0, embeds, components: [row(press('Refresh', 'refresh', 2))] };
}

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
