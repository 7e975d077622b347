import { createCanvas } from '@napi-rs/canvas';
import { BOT, GENERAL, PEOPLE, PLANS, SYMBOLS, THREAD, usedBy, type WireMessage, wireMessage } from './fake-world.ts';

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

const row = (...components: object[]): object => ({ type: 1, components });
const text = (content: string): object => ({ type: 10, content });
const press = (label: string, custom_id: string, style = 2, more: object = {}): object => ({
  type: 2,
  style,
  label,
  custom_id,
  ...more,
});
const media = { url: '/attachments/chart.png', width: 1200, height: 720 };

const planCard = (state = 'Armed'): object[] => [
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
