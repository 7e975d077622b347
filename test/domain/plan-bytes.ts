import { buildPlan } from '../../src/domain/build-plan.ts';
import { canonicalJson, hashOf } from '../../src/domain/canonical.ts';
import { detectors } from '../../src/domain/detectors/all.ts';
import { inputAt, probesOf } from './detectors/contract.ts';
import { calendar, recording } from './market-data.ts';

const RISKS = [
  { accountDollars: 10_000, riskPct: 1 },
  { accountDollars: 25_000, riskPct: 0.5 },
  { accountDollars: 2_500.5, riskPct: 2 },
  { accountDollars: 1_000_000, riskPct: 0.25 },
  { accountDollars: 7_777.77, riskPct: 3.3 },
  { accountDollars: 100_000, riskPct: 5 },
];

/** Plans on every setup of twelve real sessions for six members: how many, and one hash over all their bytes. */
export function planBytes(): { readonly inputs: number; readonly plans: number; readonly hash: string } {
  const spelled: string[] = [];
  let plans = 0;
  for (const symbol of ['SPY', 'IBM']) {
    for (const probe of probesOf([recording(symbol, '2013')], 1)) {
      const input = inputAt(probe, probe.world);
      for (const detector of detectors) {
        const setup = detector.detect(input);
        if (!setup) continue;
        const { day, daily, bars: bars5m, levels } = input;
        for (const risk of RISKS) {
          const nextDay = calendar.next(day.on);
          const result = buildPlan({ symbol, day, nextDay, asOf: probe.at, daily, bars5m, levels, setup, risk });
          if (result.ok) plans += 1;
          spelled.push(canonicalJson(result));
        }
      }
    }
  }
  return { inputs: spelled.length, plans, hash: hashOf(spelled) };
}

if (import.meta.main) process.stdout.write(JSON.stringify(planBytes()));
