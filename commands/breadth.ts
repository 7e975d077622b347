import { z } from 'zod';
import { percent } from '../src/cards/format.ts';
import { defineCommand } from '../src/command.ts';
import { provenanceSchema } from '../src/domain/provenance.ts';

/** How many stocks take part in the day's move. */
export const breadthCommand = defineCommand({
  name: 'breadth',
  slash: 'breadth',
  tool: 'get_breadth',
  route: '/api/breadth',
  summary: 'How many stocks rise and fall, and where the volume is',
  guidance: 'Call for how broad the market move is: advancers and decliners, up and down volume, against the index.',
  tier: 'free',
  effect: 'read',
  input: z.object({}),
  output: z.object({
    advancing: z.number(),
    declining: z.number(),
    unchanged: z.number(),
    advancingPct: z.number(),
    upVolumePct: z.number().optional(),
    sentiment: z.string(),
    /** Stocks above their high or below their low of the 252 sessions before; absent until that year is read. */
    newHighs: z.number().optional(),
    newLows: z.number().optional(),
    /** Breadth leapt from under 0.40 to over 0.615 (ten-session EMA) within ten closed sessions; today counts from its close on. */
    thrust: z.boolean().optional(),
    /** Stocks counted. */
    covered: z.number(),
    indexName: z.string().optional(),
    indexChangePct: z.number().optional(),
    provenance: provenanceSchema,
  }),
  async run(ctx) {
    const [answer, indices] = await Promise.all([
      ctx.market.breadth(),
      ctx.market.indices().then(
        (found) => found.value,
        () => [],
      ),
    ]);
    const spx = indices.find((index) => index.symbol === 'I:SPX');
    const { advancing, declining, unchanged, advancingPct, upVolumePct, sentiment, covered } = answer.value;
    const { newHighs, newLows, thrust } = answer.value;
    return {
      advancing,
      declining,
      unchanged,
      advancingPct,
      upVolumePct,
      sentiment,
      covered,
      newHighs,
      newLows,
      thrust,
      indexName: spx?.name,
      indexChangePct: spx?.changePct,
      provenance: ctx.provenance(answer, answer.value.symbols),
    };
  },
  card(output) {
    const { advancing, declining, unchanged, advancingPct, upVolumePct, covered, provenance } = output;
    if (covered === 0) {
      const text = 'No stock has traded yet today, so there is nothing to count. The count fills from 04:00 ET on.';
      return { layout: 'embed', tone: 'neutral', title: 'Breadth', blocks: [{ kind: 'text', text }], provenance };
    }
    return {
      layout: 'embed',
      tone: advancing > 1.2 * declining ? 'up' : declining > 1.2 * advancing ? 'down' : 'neutral',
      title: `Breadth: ${advancingPct.toFixed(0)} % advancing`,
      blocks: [
        { kind: 'text', text: `${verdict(output)}\n\`${gauge(advancingPct)}\`` },
        {
          kind: 'fields',
          fields: [
            { name: '▲ Advancing', value: String(advancing) },
            { name: '▼ Declining', value: String(declining) },
            { name: 'Unchanged', value: String(unchanged) },
            { name: 'A/D', value: declining === 0 ? 'all up' : (advancing / declining).toFixed(2) },
            ...(upVolumePct === undefined ? [] : [{ name: 'Up volume', value: `${upVolumePct.toFixed(0)} %` }]),
            ...(output.newHighs === undefined || output.newLows === undefined
              ? []
              : [{ name: '52-week highs / lows', value: `${output.newHighs} / ${output.newLows}` }]),
            ...(output.thrust === undefined
              ? []
              : [{ name: 'Thrust at the last close', value: output.thrust ? 'yes' : 'no' }]),
            { name: 'Counted', value: `${covered} stocks` },
          ],
        },
      ],
      provenance,
    };
  },
});

function verdict(output: {
  advancing: number;
  declining: number;
  covered: number;
  sentiment: string;
  indexName?: string | undefined;
  indexChangePct?: number | undefined;
}): string {
  const { advancing, declining, covered, indexName, indexChangePct } = output;
  const [side, count] = advancing >= declining ? ['up', advancing] : ['down', declining];
  const share = `${((count / covered) * 100).toFixed(0)} % of stocks are ${side}`;
  if (indexName === undefined || indexChangePct === undefined) return `${share}: ${output.sentiment}.`;
  const against = indexChangePct > 0 ? side === 'down' : indexChangePct < 0 && side === 'up';
  return `${indexName} ${percent(indexChangePct)}, ${against ? 'but' : 'and'} ${share}: ${output.sentiment}.`;
}

const GAUGE_CELLS = 30;

/** Advancers from the left, decliners from the right. */
function gauge(advancingPct: number): string {
  const filled = Math.round((advancingPct / 100) * GAUGE_CELLS);
  return `▲${'█'.repeat(filled)}${'░'.repeat(GAUGE_CELLS - filled)}▼`;
}
