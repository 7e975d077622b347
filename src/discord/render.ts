import type { APIAllowedMentions, APIEmbed, APIMessageTopLevelComponent } from 'discord.js';
import type { Card } from '../cards/card.ts';
import { drawChart } from '../cards/chart.ts';
import type { ChartSpec } from '../cards/chart-spec.ts';
import { plainText, truncate } from '../cards/text.ts';
import { containerBody } from './container.ts';
import { embedBody } from './embed.ts';
import { LIMIT } from './limits.ts';

/** A file and its place in the message. */
interface RenderedFile {
  readonly name: string;
  readonly data: Buffer;
  readonly contentType: string;
}

/** A message as Discord's API takes it, for posting and for editing alike. */
export interface Rendered {
  readonly body: {
    readonly embeds?: APIEmbed[];
    readonly components: APIMessageTopLevelComponent[];
    readonly flags?: number;
    /** All files of the message: an edit drops those not listed. */
    readonly attachments: { readonly id: string; readonly filename: string; readonly description: string }[];
    readonly allowed_mentions: APIAllowedMentions;
  };
  readonly files: readonly RenderedFile[];
}

export interface RenderOptions {
  /** Market time, epoch ms: ages stale numbers. */
  readonly now: number;
  /** The command that made the card; its own buttons replace the card instead of answering below it. */
  readonly command?: string | undefined;
  /** Overrides the card's: a message keeps the layout that it was born with. */
  readonly layout?: Card['layout'] | undefined;
  /** Draws the charts; `drawChart` unless given. */
  readonly draw?: (spec: ChartSpec) => Promise<{ readonly png: Buffer }>;
}

/** A card within Discord's limits, charts drawn; nothing in it can ever ping. */
export async function renderCard(card: Card, options: RenderOptions): Promise<Rendered> {
  const { draw = drawChart } = options;
  const charts = card.blocks.filter((block) => block.kind === 'chart').slice(0, LIMIT.files);
  const drawn = await Promise.all(charts.map(({ chart }) => draw(chart)));
  const files = drawn.map(({ png }, i) => ({
    name: i === 0 ? 'chart.png' : `chart-${i + 1}.png`,
    data: png,
    contentType: 'image/png',
  }));
  const pictures = charts.map(({ alt }, i) => ({ url: `attachment://${files[i]?.name}`, alt: altText(alt) }));
  const shape = (options.layout ?? card.layout) === 'container' ? containerBody : embedBody;
  return {
    body: {
      ...shape(card, pictures, options),
      attachments: files.map(({ name }, i) => ({ id: String(i), filename: name, description: pictures[i]?.alt ?? '' })),
      allowed_mentions: { parse: [] },
    },
    files,
  };
}

function altText(alt: string): string {
  const text = truncate(plainText(alt), LIMIT.altText);
  return text === '' ? 'chart' : text;
}
