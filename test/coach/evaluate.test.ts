import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/coach/evaluate.ts';
import { exactNumber, rounded } from '../../src/coach/exact.ts';
import { parseExpression } from '../../src/coach/expression.ts';
import type { ToolResult } from '../../src/coach/reference.ts';

const results = (output: ToolResult['output']): Map<string, ToolResult> =>
  new Map([['t1', { id: 't1', tool: 'get_price', input: {}, output }]]);

function come(text: string, output: ToolResult['output']): string {
  const parsed = parseExpression(text);
  if (!parsed.ok) return parsed.reason;
  const answer = evaluate(parsed.expression, results(output));
  if (!answer.ok) return answer.reason;
  const { value, unit } = answer.quantity;
  return `${value.top}/${value.bottom} ${unit.base} ${unit.scale}`;
}

const day = {
  lastDollars: 0.3,
  openDollars: 0.1,
  previousCloseDollars: 0,
  changePct: 4.2,
  sharesRatio: 0.5,
  heldShares: 12,
  accountDollars: 10_000,
  riskPct: 1,
  r: 2,
  at: 1_000,
  fromAt: 400,
  movers: [{ lastDollars: 7 }, { lastDollars: 9 }],
  symbol: 'AAPL',
};

describe('a derived number', () => {
  it.each([
    ['t1.lastDollars - t1.openDollars', '1/5 dollars 0'],
    ['(t1.lastDollars - t1.openDollars) / t1.openDollars * 100', '200/1 ratio 2'],
    ['t1.lastDollars * 100 / t1.openDollars', '300/1 ratio 2'],
    ['t1.accountDollars * t1.riskPct / 100', '100/1 dollars 0'],
    ['t1.heldShares * t1.lastDollars', '18/5 dollars 0'],
    ['100 - t1.changePct', '479/5 ratio 2'],
    ['1 - t1.sharesRatio', '1/2 ratio 0'],
    ['(t1.lastDollars + t1.openDollars) / 2', '1/5 dollars 0'],
    ['-t1.changePct', '-21/5 ratio 2'],
    ['t1.at - t1.fromAt', '600/1 duration 0'],
    ['t1.movers.1.lastDollars - t1.movers[0].lastDollars', '2/1 dollars 0'],
    ['t1.movers.length', '2/1 count 0'],
    ['t1.r * t1.openDollars', '1/5 dollars 0'],
  ])('%s comes to %s', (text, expected) => {
    expect(come(text, day)).toBe(expected);
  });

  it.each([
    ['t1.lastDollars + t1.changePct', 'units do not fit: dollars + percent'],
    ['t1.changePct + t1.sharesRatio', 'units do not fit: percent + a ratio'],
    ['t1.lastDollars * t1.openDollars', 'units do not fit: dollars * dollars'],
    ['t1.at + t1.fromAt', 'units do not fit: a point in time + a point in time'],
    ['t1.lastDollars / t1.previousCloseDollars', 'division by zero'],
    ['t1.earningsDollars', 'unknown field "earningsDollars"'],
    ['t1.movers', 'is no single value'],
    ['t1.movers.7.lastDollars', 'unknown field "7"'],
    ['t9.lastDollars', 'there is no result t9'],
    ['t1.symbol * t1.lastDollars', 'is text'],
    ['t1.constructor', 'unknown field "constructor"'],
    ['t1.__proto__', 'unknown field "__proto__"'],
    ['57', 'names none'],
    ['t1.lastDollars + 57', '57 comes from no tool'],
    ['t1.lastDollars * 57', '57 comes from no tool'],
    ['t1.lastDollars / 3', '3 comes from no tool'],
    ['(t1.lastDollars + t1.openDollars) / 3', '3 comes from no tool'],
    ['t1.lastDollars / t1.lastDollars', 'cancel out'],
    ['(t1.at - t1.at) / 100', 'cannot'],
    ['t1.lastDollars / t1.lastDollars * 100', 'cancel out'],
    ['t1.openDollars - t1.openDollars', 'cancel out'],
    ['(t1.openDollars + t1.openDollars + t1.openDollars) / t1.openDollars', 'cancel out'],
    ['100 / 1', 'names none'],
    ['t1.lastDollars +', 'not a whole expression'],
    ['t1.lastDollars ** t1.openDollars', 'not a whole expression'],
    ['t1.lastDollars; process', 'cannot read'],
    [`${'('.repeat(40)}t1.lastDollars${')'.repeat(40)}`, 'nested too deeply'],
  ])('%s is refused: %s', (text, reason) => {
    const said = come(text, day);
    if (reason === 'cannot') expect(said).not.toMatch(/^-?\d+\/\d+ /);
    else expect(said).toContain(reason);
  });
});

describe('an exact number', () => {
  it('is the decimal that one reads, in every notation', () => {
    expect(exactNumber(0.1)).toEqual({ top: 1n, bottom: 10n });
    expect(exactNumber(1e-7)).toEqual({ top: 1n, bottom: 10_000_000n });
    expect(exactNumber(-2.5e21)).toEqual({ top: -2_500_000_000_000_000_000_000n, bottom: 1n });
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const { top, bottom } = exactNumber(value);
        const digits = 400;
        const text = `${top < 0n ? '-' : ''}${((top < 0n ? -top : top) * 10n ** BigInt(digits)) / bottom}e-${digits}`;
        expect(Number(text) === value).toBe(true);
      }),
    );
  });

  it('is rounded half away from zero', () => {
    expect([0.25, -0.25, 0.15, 2.675].map((value) => rounded(exactNumber(value), value > 2 ? 2 : 1))).toEqual([
      0.3, -0.3, 0.2, 2.68,
    ]);
    expect(Object.is(rounded(exactNumber(-0.001), 1), 0)).toBe(true);
  });
});
