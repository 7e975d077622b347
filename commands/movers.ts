import { z } from 'zod';
import { money, percent, volume } from '../src/cards/format.ts';
import { defineCommand } from '../src/command.ts';
import { provenanceSchema } from '../src/domain/provenance.ts';
import { atNewYork, sessionDateOf } from '../src/domain/session.ts';

const DIRECTIONS = { up: 'gainers', down: 'losers', active: 'most active' } as const;

/** The stocks that move most today. */
export const moversCommand = defineCommand({
  name: 'movers',
  slash: 'movers',
  tool: 'get_movers',
  route: '/api/movers',
  summary: 'Biggest gainers, losers or most active stocks today',
  guidance: "Call for what is moving today, the day's biggest gainers or losers, or the most traded stocks.",
  tier: 'free',
  effect: 'read',
  input: z.object({
    direction: z
      .enum(['up', 'down', 'active'])
      .default('up')
      .describe('up: gainers, down: losers, active: most traded'),
    limit: z.coerce.number().int().min(1).max(20).default(10).describe('How many, 1 to 20'),
  }),
  output: z.object({
    direction: z.enum(['up', 'down', 'active']),
    movers: z.array(
      z.object({
        symbol: z.string(),
        lastDollars: z.number(),
        changePct: z.number(),
        volumeShares: z.number(),
        /** Today's volume so far as a multiple of the mean of the last 20 whole days. */
        volumeOfUsualRatio: z.number().optional(),
        hasNews: z.boolean(),
      }),
    ),
    provenance: provenanceSchema,
  }),
  async run(ctx, { direction, limit }) {
    const today = atNewYork(sessionDateOf(ctx.clock.now()), '00:00');
    const [answer, withNews] = await Promise.all([
      ctx.market.movers(direction, limit),
      ctx.market.news(undefined, 50).then(
        (news) => new Set(news.value.filter((item) => item.publishedAt >= today).flatMap((item) => item.symbols)),
        () => new Set<string>(),
      ),
    ]);
    const movers = answer.value.map((snapshot) => {
      const volumeShares = snapshot.day?.volume ?? 0;
      return {
        symbol: snapshot.symbol,
        lastDollars: snapshot.last ?? snapshot.day?.close ?? 0,
        changePct: snapshot.changePct ?? 0,
        volumeShares,
        volumeOfUsualRatio: ctx.market.volumeRatio(snapshot.symbol, volumeShares),
        hasNews: withNews.has(snapshot.symbol),
      };
    });
    return {
      direction,
      movers,
      provenance: ctx.provenance(
        answer,
        movers.map((mover) => mover.symbol),
      ),
    };
  },
  card({ direction, movers, provenance }) {
    const title = `Movers: ${DIRECTIONS[direction]}`;
    if (movers.length === 0) {
      return {
        layout: 'embed',
        tone: 'neutral',
        title,
        blocks: [
          {
            kind: 'text',
            text: 'No stock has moved on 10,000 shares yet. The list fills from 04:00 ET on; /status shows the session.',
          },
        ],
        provenance,
      };
    }
    const rows = movers.map((mover) => [
      `${mover.symbol}${mover.hasNews ? '•' : ''}`,
      money(mover.lastDollars),
      percent(mover.changePct),
      volume(mover.volumeShares),
      mover.volumeOfUsualRatio === undefined ? '' : `${mover.volumeOfUsualRatio.toFixed(1)}x`,
    ]);
    return {
      layout: 'embed',
      tone: direction === 'up' ? 'up' : direction === 'down' ? 'down' : 'neutral',
      title,
      blocks: [
        { kind: 'table', head: ['', 'last', 'change', 'volume', 'usual'], rows },
        { kind: 'text', text: '• has news today · usual: volume so far against the 20-day mean of whole days' },
      ],
      select: {
        placeholder: 'Tell me about…',
        action: { command: 'coach', input: {} },
        key: 'symbol',
        options: movers.map((mover) => ({
          label: mover.symbol,
          value: mover.symbol,
          description: `${percent(mover.changePct)} today`,
        })),
      },
      provenance,
    };
  },
});
