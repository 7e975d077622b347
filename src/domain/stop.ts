import type { Plan, Refusal } from './plan.ts';
import { priceText, tickOf, toTick } from './price.ts';

type Stop = Plan['stop'];

const NOISE_ATRS = 0.5;
const WIDEST_ATRS = 3;
const DEAR_ATRS = 2.5;
const PLAIN_ATRS = 2;
const BEHIND_STRUCTURE_ATRS = 0.1;
const BEHIND_EMA_ATRS = 0.25;
const FEWEST_TICKS = 3;

export type StopChoice =
  | { readonly ok: true; readonly stop: Stop; readonly notChosen: readonly Stop[] }
  | { readonly ok: false; readonly refusal: Refusal };

/** Chooses where the idea is wrong: behind structure if that is affordable, else behind EMA 20, else 2 ATR; never nearer than noise. */
export function chooseStop(input: {
  readonly symbol: string;
  readonly direction: Plan['direction'];
  readonly triggerPrice: number;
  readonly structurePrice: number;
  readonly structureReason: string;
  readonly atr: number;
  readonly emaPrice: number | undefined;
}): StopChoice {
  const { symbol, direction, triggerPrice, structurePrice, structureReason, atr, emaPrice } = input;
  const sign = direction === 'long' ? 1 : -1;
  const under = direction === 'long' ? 'under' : 'over';
  const outward = direction === 'long' ? 'down' : 'up';
  const atrsOf = (price: number): number => (sign * (triggerPrice - price)) / atr;
  const behind = (price: number, atrs: number): number => toTick(price - sign * atrs * atr, outward);

  const structure = behind(structurePrice, BEHIND_STRUCTURE_ATRS);
  const plain = behind(triggerPrice, PLAIN_ATRS);
  const ema = emaPrice === undefined ? undefined : behind(emaPrice, BEHIND_EMA_ATRS);
  const structureAtrs = atrsOf(structure);
  const emaAtrs = ema === undefined ? undefined : atrsOf(ema);

  if (structureAtrs > WIDEST_ATRS) {
    const reason = `${capital(structureReason)} is ${structureAtrs.toFixed(1)} ATR from the entry of ${symbol}, a stop may be at most ${WIDEST_ATRS} ATR away.`;
    return { ok: false, refusal: { code: 'too_wide', reason } };
  }
  const emaUsable = emaAtrs !== undefined && emaAtrs >= NOISE_ATRS && emaAtrs <= WIDEST_ATRS;
  if (structureAtrs < NOISE_ATRS && !emaUsable) {
    const reason = `${capital(structureReason)} is ${structureAtrs.toFixed(1)} ATR from the entry of ${symbol}, a stop inside ${NOISE_ATRS} ATR is hit by noise.`;
    return { ok: false, refusal: { code: 'too_tight', reason } };
  }

  const stops: { readonly stop: Stop; readonly usable: boolean }[] = [];
  const put = (price: number, basis: Stop['basis'], reason: string, usable: boolean): void => {
    if (price > 0) stops.push({ stop: { price, basis, reason }, usable });
  };
  put(
    structure,
    'structure',
    `${BEHIND_STRUCTURE_ATRS} ATR ${under} ${structureReason} at ${priceText(structurePrice)}, ${structureAtrs.toFixed(1)} ATR of risk${
      structureAtrs < NOISE_ATRS ? ': inside noise' : structureAtrs > DEAR_ATRS ? ': dear' : ''
    }`,
    structureAtrs >= NOISE_ATRS && structureAtrs <= DEAR_ATRS,
  );
  if (ema !== undefined && emaPrice !== undefined && emaAtrs !== undefined) {
    const verdict = emaAtrs < NOISE_ATRS ? ': inside noise' : emaAtrs > WIDEST_ATRS ? ': too wide' : '';
    put(
      ema,
      'ema',
      `${BEHIND_EMA_ATRS} ATR ${under} EMA 20 at ${priceText(emaPrice)}, ${emaAtrs.toFixed(1)} ATR of risk${verdict}`,
      emaUsable && (structureAtrs < NOISE_ATRS || emaAtrs < structureAtrs),
    );
  }
  put(plain, 'atr', `${PLAIN_ATRS} ATR from the entry, behind nothing but distance`, structureAtrs > DEAR_ATRS);

  const chosen = stops.find(({ usable }) => usable)?.stop;
  const riskPerShare = chosen === undefined ? 0 : Math.abs(triggerPrice - chosen.price);
  if (!chosen || riskPerShare < FEWEST_TICKS * tickOf(triggerPrice) - 1e-9) {
    const reason = `The stop of ${symbol} would be ${priceText(riskPerShare)} from the entry, at least ${FEWEST_TICKS} ticks (${priceText(FEWEST_TICKS * tickOf(triggerPrice))}) are needed.`;
    return { ok: false, refusal: { code: 'too_tight', reason } };
  }
  return { ok: true, stop: chosen, notChosen: stops.flatMap(({ stop }) => (stop === chosen ? [] : [stop])) };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
