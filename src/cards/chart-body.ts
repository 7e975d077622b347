import type { SKRSContext2D } from '@napi-rs/canvas';
import type { Bar } from '../domain/bar.ts';
import { drawable } from './chart-fonts.ts';
import { type Frame, font, INK, lineColor } from './chart-look.ts';
import type { ChartLine, ChartSpec } from './chart-spec.ts';
import type { PlacedTag } from './chart-tags.ts';
import { TONE_COLOR } from './theme.ts';

/** Below this many pixels a bar has no body worth the name: a line with its range is drawn instead. */
const NARROWEST_SLOT = 4;

/** Up hollow and emerald, down filled and red: readable without colour. */
export function drawBars(context: SKRSContext2D, bars: readonly Bar[], frame: Frame): void {
  if (frame.times.slot < NARROWEST_SLOT) {
    drawCrowd(context, bars, frame);
    return;
  }
  const { bodyWidth } = frame.times;
  const wick = bodyWidth >= 7 ? 2 : 1;
  bars.forEach((bar, index) => {
    const up = bar.close >= bar.open;
    const x = Math.round(frame.times.x(index));
    const top = Math.round(frame.prices.y(Math.max(bar.open, bar.close)));
    const height = Math.max(2, Math.round(frame.prices.y(Math.min(bar.open, bar.close))) - top);
    const left = x - Math.floor(bodyWidth / 2);
    context.fillStyle = up ? TONE_COLOR.up : TONE_COLOR.down;
    const highY = frame.prices.y(bar.high);
    context.fillRect(x - wick / 2, highY, wick, frame.prices.y(bar.low) - highY);
    context.fillRect(left, top, bodyWidth, height);
    if (up && bodyWidth > 2 * wick && height > 2 * wick) {
      context.fillStyle = INK.background;
      context.fillRect(left + wick, top + wick, bodyWidth - 2 * wick, height - 2 * wick);
    }
  });
}

function drawCrowd(context: SKRSContext2D, bars: readonly Bar[], frame: Frame): void {
  context.fillStyle = INK.divider;
  bars.forEach((bar, index) => {
    const y = frame.prices.y(bar.high);
    context.fillRect(
      frame.times.x(index) - frame.times.slot / 2,
      y,
      frame.times.slot,
      Math.max(1, frame.prices.y(bar.low) - y),
    );
  });
  context.strokeStyle = INK.text;
  context.lineWidth = 2.5;
  path(
    context,
    bars.map((bar) => bar.close),
    frame,
  );
}

/** Bars of volume under the prices; hollow ones closed up, as above. */
export function drawVolume(context: SKRSContext2D, bars: readonly Bar[], frame: Frame): void {
  const ceiling = volumeCeiling(bars.map((bar) => bar.volume ?? 0));
  const full = frame.bottom - frame.plotBottom - 14;
  const width = Math.max(1, frame.times.bodyWidth);
  const narrow = frame.times.slot < NARROWEST_SLOT;
  bars.forEach((bar, index) => {
    const height = Math.round(Math.min(1, (bar.volume ?? 0) / ceiling) * full);
    if (height === 0) return;
    const up = bar.close >= bar.open;
    const left = Math.round(frame.times.x(index)) - Math.floor(width / 2);
    context.globalAlpha = 0.55;
    context.fillStyle = narrow ? INK.quiet : up ? TONE_COLOR.up : TONE_COLOR.down;
    context.fillRect(left, frame.bottom - height, width, height);
    context.globalAlpha = 1;
    if (!up || narrow || width <= 5 || height <= 3) return;
    context.fillStyle = INK.background;
    context.fillRect(left + 2, frame.bottom - height + 2, width - 4, height - 2);
  });
}

/** The closing auction can be fifty times a usual bar: what is taller than this is cut, or the rest would vanish. */
function volumeCeiling(volumes: readonly number[]): number {
  const sorted = volumes.filter((volume) => volume > 0).sort((a, b) => a - b);
  const usual = sorted[Math.floor(sorted.length * 0.95)] ?? 1;
  return Math.min(sorted.at(-1) ?? 1, usual * 1.6);
}

/** Tinted zones; their names stand where no bar is yet, if there is room. */
export function drawBands(context: SKRSContext2D, spec: ChartSpec, frame: Frame): void {
  context.font = font(600);
  context.textAlign = 'right';
  const free = frame.right - frame.times.x(spec.bars.length) - 10;
  for (const band of spec.bands) {
    const top = frame.prices.y(Math.max(band.from, band.to));
    const height = Math.max(2, frame.prices.y(Math.min(band.from, band.to)) - top);
    const text = drawable(band.label);
    context.globalAlpha = 0.16;
    context.fillStyle = TONE_COLOR[band.tone];
    context.fillRect(frame.left, top, frame.right - frame.left, height);
    context.globalAlpha = 0.8;
    if (height >= 34 && context.measureText(text).width <= free) context.fillText(text, frame.right - 10, top + 28);
    context.globalAlpha = 1;
  }
}

/** Lines at the prices that have a tag: plan prices solid in their tone, key levels as quiet dashes. */
export function drawLevels(context: SKRSContext2D, tags: readonly PlacedTag[], frame: Frame): void {
  for (const tag of tags) {
    // the last price and the round prices have no line of their own
    if (tag.fill === '' || tag.fill === INK.last) continue;
    const y = Math.round(tag.y) + 0.5;
    const quiet = !tag.pinned;
    context.strokeStyle = quiet ? INK.levelLine : tag.fill;
    context.lineWidth = quiet ? 1.5 : 2.5;
    context.setLineDash(quiet ? [4, 7] : []);
    context.beginPath();
    context.moveTo(frame.left, y);
    context.lineTo(frame.right, y);
    context.stroke();
  }
  context.setLineDash([]);
}

/** Indicator lines; a warm-up without values leaves a gap. */
export function drawLines(context: SKRSContext2D, lines: readonly ChartLine[], frame: Frame): void {
  lines.forEach(({ values }, index) => {
    context.strokeStyle = lineColor(index);
    context.lineWidth = 3;
    path(context, values, frame);
  });
}

function path(context: SKRSContext2D, values: readonly (number | undefined)[], frame: Frame): void {
  context.lineJoin = 'round';
  context.beginPath();
  let drawing = false;
  values.forEach((value, index) => {
    if (value === undefined || !Number.isFinite(value)) {
      drawing = false;
      return;
    }
    const x = frame.times.x(index);
    const y = frame.prices.y(value);
    if (drawing) context.lineTo(x, y);
    else context.moveTo(x, y);
    drawing = true;
  });
  context.stroke();
}
