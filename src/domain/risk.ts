import type { RiskProfile } from './plan.ts';

/** What a member risks who has said nothing, and the account that offers are sized for. */
export const DEFAULT_RISK: RiskProfile = { accountDollars: 10_000, riskPct: 1 };

const SMALLEST_ACCOUNT = 100;
const LARGEST_ACCOUNT = 100_000_000;
const LARGEST_RISK_PCT = 5;
const SCALES: Readonly<Record<string, number>> = { '': 1, k: 1_000, m: 1_000_000 };

export type ParsedRisk =
  | { readonly ok: true; readonly profile: RiskProfile }
  | { readonly ok: false; readonly reason: string };

/** Reads what a member typed (`$10,000`, `25k`, `1`, `0.5 %`); the reason names what was found and what is needed. */
export function parseRisk(account: string, percent: string, limits: { readonly maxRiskPct?: number } = {}): ParsedRisk {
  const maxRiskPct = limits.maxRiskPct ?? LARGEST_RISK_PCT;
  const accountDollars = dollarsOf(account);
  if (accountDollars === undefined) {
    return refused(`Account size was "${shown(account)}", it must be an amount in dollars such as 10000.`);
  }
  if (accountDollars < SMALLEST_ACCOUNT || accountDollars > LARGEST_ACCOUNT) {
    return refused(
      `Account size was $${grouped(accountDollars)}, it must be $${grouped(SMALLEST_ACCOUNT)} to $${grouped(LARGEST_ACCOUNT)}.`,
    );
  }
  const riskPct = percentOf(percent);
  if (riskPct === undefined) {
    return refused(`Risk per trade was "${shown(percent)}", it must be a percentage such as 1.`);
  }
  if (riskPct <= 0 || riskPct > maxRiskPct) {
    return refused(`Risk per trade was ${riskPct} %, it must be above 0 and at most ${maxRiskPct} %.`);
  }
  return { ok: true, profile: { accountDollars, riskPct } };
}

const refused = (reason: string): ParsedRisk => ({ ok: false, reason });

function dollarsOf(text: string): number | undefined {
  const match = /^\$?\s*(-?\d{1,3}(?:,\d{3})+|-?\d{1,12})(\.\d{1,6})?\s*([km]?)$/i.exec(text.trim());
  if (!match) return undefined;
  const [, whole = '', fraction = '', scale = ''] = match;
  return Number(`${whole.replaceAll(',', '')}${fraction}`) * (SCALES[scale.toLowerCase()] ?? 1);
}

function percentOf(text: string): number | undefined {
  const match = /^(-?\d{1,6}(?:\.\d{1,6})?|-?\.\d{1,6})\s*%?$/.exec(text.trim());
  return match ? Number(match[1]) : undefined;
}

const grouped = (dollars: number): string => String(dollars).replace(/\B(?=(\d{3})+(?!\d|\.))(?<!\.\d*)/g, ',');

function shown(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > 20 ? `${flat.slice(0, 20)}…` : flat;
}
