import type { Bar } from '../domain/bar.ts';
import { newYork } from '../domain/session.ts';
import { dateText, newYorkClock } from './format.ts';

export interface TimeLabel {
  /** Index of the bar it stands under. */
  readonly index: number;
  readonly text: string;
  /** The first bar of a session: gets a divider and its date. */
  readonly newSession: boolean;
}

const STEPS_MINUTES = [5, 10, 15, 30, 60, 120, 240];

/** New York times under the bars, at most one each `minSlots` bars; day bars get dates. */
export function timeLabels(bars: readonly Bar[], minSlots: number): TimeLabel[] {
  if (bars.length === 0) return [];
  return bars[0]?.timeframe === '1d' ? dayLabels(bars, minSlots) : intradayLabels(bars, minSlots);
}

function dayLabels(bars: readonly Bar[], minSlots: number): TimeLabel[] {
  const labels: TimeLabel[] = [];
  let month = '';
  bars.forEach((bar, index) => {
    const { on } = newYork(bar.openAt);
    if (on.slice(0, 7) === month) return;
    // the first month seen is cut off, its first bar is no landmark
    const first = month === '';
    month = on.slice(0, 7);
    const yearTurns = on.slice(5, 7) === '01';
    const text = yearTurns ? on.slice(0, 4) : (dateText(on).split(' ')[1] ?? '');
    if (!first && farEnough(labels, index, minSlots)) labels.push({ index, text, newSession: yearTurns });
  });
  if (labels.length >= 2) return labels;
  const step = Math.max(1, Math.ceil(minSlots));
  return bars
    .map((bar, index) => ({ index, text: dateText(newYork(bar.openAt).on), newSession: false }))
    .filter(({ index }) => index % step === 0);
}

function intradayLabels(bars: readonly Bar[], minSlots: number): TimeLabel[] {
  const times = bars.map((bar) => newYork(bar.openAt));
  const sessions = new Set(times.map((time) => time.on)).size;
  const step = stepFor(bars, minSlots);
  const labels: TimeLabel[] = [];
  let on = times[0]?.on;
  times.forEach((time, index) => {
    if (time.on !== on) {
      on = time.on;
      while (labels.length > 0 && !farEnough(labels, index, minSlots)) labels.pop();
      labels.push({ index, text: dateText(time.on), newSession: true });
      return;
    }
    const minutes = time.hour * 60 + time.minute;
    const previous = times[index - 1];
    const before = previous && previous.on === time.on ? previous.hour * 60 + previous.minute : minutes - 1;
    // a bar may be missing at the round minute: the first one past it carries the label
    const crossed = Math.floor(minutes / step) > Math.floor(before / step) && (minutes % step === 0 || index > 0);
    if (crossed && farEnough(labels, index, minSlots)) {
      const text = sessions > 3 && step >= 240 ? dateText(time.on) : newYorkClock(bars[index]?.openAt ?? 0, false);
      labels.push({ index, text, newSession: false });
    }
  });
  return labels;
}

function stepFor(bars: readonly Bar[], minSlots: number): number {
  const gaps = bars.slice(1).map((bar, i) => bar.openAt - (bars[i]?.openAt ?? bar.openAt));
  const barMinutes = gaps.length === 0 ? 5 : Math.max(1, Math.min(...gaps) / 60_000);
  return STEPS_MINUTES.find((step) => step >= minSlots * barMinutes) ?? 240;
}

function farEnough(labels: readonly TimeLabel[], index: number, minSlots: number): boolean {
  const last = labels.at(-1);
  return last === undefined || index - last.index >= minSlots;
}
