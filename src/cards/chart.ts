import { createCanvas, type SKRSContext2D } from '@napi-rs/canvas';
import { drawBands, drawBars, drawLevels, drawLines, drawVolume } from './chart-body.ts';
import { drawable, registerFonts } from './chart-fonts.ts';
import { CHART, type Frame, font, INK, lineColor } from './chart-look.ts';
import { priceScale, priceTicks, timeScale } from './chart-scale.ts';
import type { ChartSpec } from './chart-spec.ts';
import { type PlacedTag, placeTags, type Tag } from './chart-tags.ts';
import { timeLabels } from './chart-time.ts';
import { price } from './format.ts';
import { TONE_COLOR } from './theme.ts';

export { checkFonts } from './chart-fonts.ts';

/** A PNG of 1200 x 720; the same spec gives the same bytes in every process. Encoding leaves the main thread free. */
export async function drawChart(spec: ChartSpec): Promise<{ png: Buffer; width: number; height: number }> {
  registerFonts();
  return inTurn(async () => {
    const canvas = createCanvas(CHART.width, CHART.height);
    const context = canvas.getContext('2d');
    context.fillStyle = INK.background;
    context.fillRect(0, 0, CHART.width, CHART.height);
    drawHeader(context, spec);
    if (spec.bars.length === 0) drawEmpty(context);
    else drawPlot(context, spec);
    return { png: await canvas.encode('png'), width: CHART.width, height: CHART.height };
  });
}

let last: Promise<unknown> = Promise.resolve();

/** One chart after the other: twenty asked for at once would hold the event loop for a third of a second. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = last.then(work, work);
  last = mine.catch(() => undefined);
  return mine;
}

function drawPlot(context: SKRSContext2D, spec: ChartSpec): void {
  const tags = tagsOf(spec);
  context.font = font(600);
  const widest = Math.max(...tags.map((tag) => context.measureText(tag.text).width), 60);
  const right = CHART.width - Math.min(300, Math.ceil(widest) + 2 * CHART.tagPadding + CHART.margin);
  const hasVolume = spec.bars.some((bar) => (bar.volume ?? 0) > 0);
  const bottom = CHART.height - CHART.axisHeight;
  const plotBottom = hasVolume ? bottom - CHART.volumeHeight : bottom;
  const frame: Frame = {
    left: CHART.margin,
    right,
    top: CHART.headerHeight,
    bottom,
    plotBottom,
    prices: priceScale(spec, CHART.headerHeight, plotBottom),
    times: timeScale(spec.bars.length, CHART.margin, right),
  };
  const placed = placeTags(
    [...tags, ...tickTags(frame)].map((each) => ({ ...each, y: frame.prices.y(each.price) })),
    CHART.tagHeight,
    frame.top,
    frame.plotBottom,
  );
  drawGrid(context, spec, frame);
  drawBands(context, spec, frame);
  if (hasVolume) drawVolume(context, spec.bars, frame);
  drawLevels(context, placed, frame);
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.right - frame.left, frame.plotBottom - frame.top);
  context.clip();
  drawBars(context, spec.bars, frame);
  drawLines(context, spec.lines, frame);
  context.restore();
  drawTags(context, placed, frame);
}

function drawHeader(context: SKRSContext2D, spec: ChartSpec): void {
  context.textBaseline = 'alphabetic';
  context.textAlign = 'left';
  context.font = font(600, 34);
  context.fillStyle = INK.text;
  context.fillText(drawable(spec.title), CHART.margin, 44, CHART.width - 2 * CHART.margin);
  context.font = font(400);
  context.fillStyle = INK.quiet;
  const legendLeft = drawLegend(context, spec);
  context.fillStyle = INK.quiet;
  context.fillText(drawable(spec.subtitle), CHART.margin, 82, legendLeft - CHART.margin - 24);
}

type PricedTag = Tag & { readonly price: number };

/** Names of the lines in their colours at the right of the subtitle; gives the x where they begin. */
function drawLegend(context: SKRSContext2D, spec: ChartSpec): number {
  let x = CHART.width - CHART.margin;
  const lines = spec.lines
    .map((line, index) => ({ ...line, color: lineColor(index) }))
    .filter(({ values }) => values.some(Number.isFinite));
  for (const line of lines.reverse()) {
    const text = drawable(line.label);
    x -= context.measureText(text).width;
    context.fillStyle = INK.quiet;
    context.fillText(text, x, 82);
    x -= 34;
    context.fillStyle = line.color;
    context.fillRect(x, 70, 26, 5);
    x -= 22;
  }
  return x;
}

function drawEmpty(context: SKRSContext2D): void {
  context.font = font(400, 30);
  context.fillStyle = INK.quiet;
  context.textAlign = 'center';
  context.fillText('No bar has closed yet', CHART.width / 2, CHART.height / 2);
}

function drawGrid(context: SKRSContext2D, spec: ChartSpec, frame: Frame): void {
  context.lineWidth = 1;
  context.strokeStyle = INK.grid;
  for (const tick of priceTicks(frame.prices.low, frame.prices.high, 6)) {
    line(context, frame.left, frame.prices.y(tick), frame.right, frame.prices.y(tick));
  }
  context.font = font(400);
  const labels = timeLabels(spec.bars, (context.measureText('00:00').width + 50) / frame.times.slot);
  context.textAlign = 'center';
  for (const label of labels) {
    const x = frame.times.x(label.index);
    context.strokeStyle = label.newSession ? INK.divider : INK.grid;
    line(context, x, frame.top, x, frame.bottom);
    const half = context.measureText(label.text).width / 2;
    context.fillStyle = INK.quiet;
    context.fillText(label.text, Math.min(Math.max(x, frame.left + half), frame.right - half), CHART.height - 14);
  }
  context.strokeStyle = INK.divider;
  line(context, frame.left, frame.bottom, frame.right, frame.bottom);
}

function line(context: SKRSContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
  context.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
  context.stroke();
}

/** Plan prices first and pinned, the last price next, then key levels, then whatever round prices still fit. */
function tagsOf(spec: ChartSpec): PricedTag[] {
  const last = spec.bars.at(-1);
  const toned = spec.levels.filter((level) => level.tone !== 'neutral');
  const neutral = spec.levels.filter((level) => level.tone === 'neutral');
  return [
    ...toned.map((level) =>
      tag(`${drawable(level.label)} ${price(level.price)}`, level.price, true, TONE_COLOR[level.tone]),
    ),
    ...(last ? [tag(price(last.close), last.close, true, INK.last)] : []),
    ...neutral.map((level) => tag(`${drawable(level.label)} ${price(level.price)}`, level.price, false, INK.level)),
  ];
}

function tag(text: string, at: number, pinned: boolean, fill: string): PricedTag {
  return {
    text,
    price: at,
    y: 0,
    pinned,
    fill,
    ink: fill === INK.level || fill === TONE_COLOR.neutral ? INK.text : INK.background,
  };
}

function tickTags(frame: Frame): PricedTag[] {
  return priceTicks(frame.prices.low, frame.prices.high, 6).map((tick) => ({
    ...tag(price(tick), tick, false, ''),
    ink: INK.quiet,
  }));
}

function drawTags(context: SKRSContext2D, tags: readonly PlacedTag[], frame: Frame): void {
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const { text, y, at, fill, ink, pinned } of tags) {
    const x = frame.right + 10;
    context.font = font(pinned ? 600 : 400);
    if (fill !== '') {
      const width = context.measureText(text).width + 2 * CHART.tagPadding - 10;
      context.fillStyle = fill;
      context.beginPath();
      context.roundRect(x, at - CHART.tagHeight / 2 + 1, width, CHART.tagHeight - 2, 5);
      context.fill();
      context.beginPath();
      context.moveTo(frame.right, y);
      context.lineTo(x + 1, at - 6);
      context.lineTo(x + 1, at + 6);
      context.fill();
    }
    context.fillStyle = ink;
    context.fillText(text, x + CHART.tagPadding - 5, at + 1, CHART.width - x - CHART.tagPadding);
  }
  context.textBaseline = 'alphabetic';
}
