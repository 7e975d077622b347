import { describe, expect, test } from 'vitest';
import { isFor } from '../../src/coach/briefing-lines.ts';
import { advanceAll } from '../../src/domain/trade/advance.ts';
import { openTrade } from '../../src/domain/trade.ts';
import { stepAlertsOf } from '../../src/services/lives/step-alerts.ts';
import { samplePlan } from '../store/plan.ts';

const plan = samplePlan('secret');
const armed = openTrade(plan, {
  memberId: 'ann',
  shares: 7,
  takenAt: plan.decidedAt,
  fillPrice: plan.entry.triggerPrice,
});
const filled = advanceAll(armed, [{ kind: 'clock', at: armed.armedAt }]);

describe('a step of a plan that only Ann has', () => {
  test('names her as the one whose plan it is, so that the coach tells it to nobody else', () => {
    const [alert] = stepAlertsOf([filled], { hasShadow: false });
    expect(alert).toMatchObject({ kind: 'step', own: false, memberId: 'ann', mentions: ['ann'] });
    const told = alert && ['ann', 'bob', undefined].map((memberId) => isFor(alert, memberId));
    expect(told).toEqual([true, false, false]);
  });
});

test("a step of a plan that everybody has belongs to nobody, also in a member's own words", () => {
  const [alert] = stepAlertsOf([filled], { hasShadow: true });
  expect(alert).toMatchObject({ own: true, memberId: null, mentions: ['ann'] });
});
