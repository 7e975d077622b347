import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRisk } from '../../src/domain/risk.ts';

test.each([
  ['10000', '1', 10_000, 1],
  ['$10,000', '0.5 %', 10_000, 0.5],
  ['25k', '2%', 25_000, 2],
  ['1.5m', '.25', 1_500_000, 0.25],
  [' 100 ', '5', 100, 5],
  ['100000000', '0.01', 100_000_000, 0.01],
  ['2,500.75', '1', 2_500.75, 1],
])('"%s" and "%s" are an account and a risk', (account, percent, accountDollars, riskPct) => {
  expect(parseRisk(account, percent)).toEqual({ ok: true, profile: { accountDollars, riskPct } });
});

test.each([
  ['10000', '150', 'Risk per trade was 150 %, it must be above 0 and at most 5 %.'],
  ['10000', '0', 'Risk per trade was 0 %, it must be above 0 and at most 5 %.'],
  ['10000', '-1', 'Risk per trade was -1 %, it must be above 0 and at most 5 %.'],
  ['10000', '5.01', 'Risk per trade was 5.01 %, it must be above 0 and at most 5 %.'],
  ['10000', 'much', 'Risk per trade was "much", it must be a percentage such as 1.'],
  ['10000', '1e1', 'Risk per trade was "1e1", it must be a percentage such as 1.'],
  ['99', '1', 'Account size was $99, it must be $100 to $100,000,000.'],
  ['-5000', '1', 'Account size was $-5,000, it must be $100 to $100,000,000.'],
  ['101m', '1', 'Account size was $101,000,000, it must be $100 to $100,000,000.'],
  ['', '1', 'Account size was "", it must be an amount in dollars such as 10000.'],
  ['1,00', '1', 'Account size was "1,00", it must be an amount in dollars such as 10000.'],
  ['x'.repeat(300), '1', `Account size was "${'x'.repeat(20)}…", it must be an amount in dollars such as 10000.`],
])('"%s" and "%s" are refused with what was found', (account, percent, reason) => {
  expect(parseRisk(account, percent)).toEqual({ ok: false, reason });
});

test('the house can allow less', () => {
  expect(parseRisk('10000', '3', { maxRiskPct: 2 })).toEqual({
    ok: false,
    reason: 'Risk per trade was 3 %, it must be above 0 and at most 2 %.',
  });
});

test('whatever is typed, a profile is within the limits', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 30 }), fc.string({ maxLength: 12 }), (account, percent) => {
      const parsed = parseRisk(account, percent);
      if (parsed.ok) {
        expect(parsed.profile.accountDollars).toBeGreaterThanOrEqual(100);
        expect(parsed.profile.riskPct).toBeGreaterThan(0);
        expect(parsed.profile.riskPct).toBeLessThanOrEqual(5);
      } else expect(parsed.reason).toMatch(/must be/);
    }),
    { numRuns: 5_000 },
  );
});
