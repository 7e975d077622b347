import type { Exact } from './exact.ts';
import { add, divide, exactNumber, exactOf, multiply, negate } from './exact.ts';
import type { Expression } from './expression.ts';
import { fieldsOf } from './expression.ts';
import type { Refused, ToolResult } from './reference.ts';
import { lookUp } from './reference.ts';
import type { Unit } from './unit.ts';
import { productUnit, quotientUnit, scaled, sumUnit, unitOf, unitWord } from './unit.ts';

/** A number of this turn, exact, with what it counts. */
export interface Quantity {
  readonly value: Exact;
  readonly unit: Unit;
}

type Evaluated = { readonly ok: true; readonly quantity: Quantity } | Refused;
type Field = Extract<Expression, { kind: 'field' }>;
type Read = (field: Field) => Evaluated;

/** What the expression comes to, exactly; refused when units clash, a field is missing or nothing was cited. */
export function evaluate(expression: Expression, results: ReadonlyMap<string, ToolResult>): Evaluated {
  const fields = fieldsOf(expression);
  if (fields.length === 0) return refused('a number must come from a tool result; this expression names none');
  const answer = compute(expression, (field) => quantityAt(field, results));
  if (answer.ok && expression.kind !== 'field' && isConstant(expression, fields)) {
    return refused('the fields cancel out, so the number comes from the text and from no tool');
  }
  return answer;
}

function quantityAt(field: Field, results: ReadonlyMap<string, ToolResult>): Evaluated {
  const there = lookUp(results, field);
  if (!there.ok) return there;
  const { value, field: name } = there.found;
  if (typeof value !== 'number') return refused(`${field.text} is text, and arithmetic needs numbers`);
  return known(exactNumber(value), unitOf(name));
}

/** Whether other values in the same fields would give the same number: then it says nothing about the market. */
function isConstant(expression: Expression, fields: readonly Field[]): boolean {
  const names = [...new Set(fields.map((field) => field.text))];
  const trial = (seed: bigint): Exact | undefined => {
    const answer = compute(expression, (field) => {
      const place = BigInt(names.indexOf(field.text) + 1);
      const name = field.path.findLast((key) => !/^\d+$/.test(key)) ?? '';
      // values without any pattern that an expression could be built around
      return known(exactOf((seed * (place + 17n) ** 3n) % 99_991n, 97n), unitOf(name));
    });
    return answer.ok ? answer.quantity.value : undefined;
  };
  const [first, ...others] = [7_919n, 104_729n, 1_299_709n].map(trial);
  return first !== undefined && others.every((other) => other?.top === first.top && other.bottom === first.bottom);
}

function compute(expression: Expression, read: Read): Evaluated {
  if (expression.kind === 'field') return read(expression);
  if (expression.kind === 'literal') return refused(`the bare ${expression.value} comes from no tool`);
  if (expression.kind === 'minus') {
    const of = compute(expression.of, read);
    return of.ok ? known(negate(of.quantity.value), of.quantity.unit) : of;
  }
  const { sign, left, right } = expression;
  if (left.kind === 'literal' || right.kind === 'literal') return withLiteral(expression, read);
  const a = compute(left, read);
  if (!a.ok) return a;
  const b = compute(right, read);
  return b.ok ? combine(sign, a.quantity, b.quantity) : b;
}

function combine(sign: '+' | '-' | '*' | '/', a: Quantity, b: Quantity): Evaluated {
  const words = `${unitWord(a.unit)} ${sign} ${unitWord(b.unit)}`;
  const unit =
    sign === '*'
      ? productUnit(a.unit, b.unit)
      : sign === '/'
        ? quotientUnit(a.unit, b.unit)
        : sumUnit(a.unit, b.unit, sign);
  if (!unit) return refused(`units do not fit: ${words}`);
  if (sign === '*') return known(multiply(a.value, b.value), unit);
  if (sign !== '/') return known(add(a.value, sign === '-' ? negate(b.value) : b.value), unit);
  const quotient = divide(a.value, b.value);
  return quotient ? known(quotient, unit) : refused('division by zero');
}

const SCALES: ReadonlyMap<bigint, 2 | 4> = new Map([
  [100n, 2],
  [10_000n, 4],
]);

/** A literal may change a scale (100, 10000), complete a whole (1, 100 percent) or count the terms of a mean. */
function withLiteral(pair: Extract<Expression, { kind: 'pair' }>, read: Read): Evaluated {
  const { sign, left, right } = pair;
  const literal = left.kind === 'literal' ? left : right.kind === 'literal' ? right : undefined;
  const other = literal === left ? right : left;
  if (!literal || other.kind === 'literal') return refused('a number must come from a tool result');
  const inner = compute(other, read);
  if (!inner.ok) return inner;
  const { value, unit } = inner.quantity;
  const number = exactOf(literal.value, 1n);
  const stray = refused(`the ${literal.value} comes from no tool; allowed are * 100, / 100, 1 -, 100 - and means`);

  if (sign === '+' || sign === '-') {
    const completes =
      unit.base === 'ratio' &&
      ((literal.value === 1n && unit.scale === 0) || (literal.value === 100n && unit.scale === 2));
    if (!completes) return stray;
    const [a, b] = literal === left ? [number, value] : [value, number];
    return known(add(a, sign === '-' ? negate(b) : b), unit);
  }
  const by = SCALES.get(literal.value);
  if (sign === '*' && by !== undefined) {
    const wider = scaled(unit, by);
    return wider ? known(multiply(value, number), wider) : stray;
  }
  if (sign !== '/' || literal === left) return stray;
  const narrower = by === undefined ? undefined : scaled(unit, -by);
  const quotient = divide(value, number);
  if (!quotient) return refused('division by zero');
  if (narrower) return known(quotient, narrower);
  return literal.value === BigInt(termsOf(other)) && literal.value > 1n ? known(quotient, unit) : stray;
}

/** How many fields a plain sum adds: what its mean is divided by. */
function termsOf(expression: Expression): number {
  if (expression.kind === 'pair' && expression.sign === '+')
    return termsOf(expression.left) + termsOf(expression.right);
  return expression.kind === 'field' ? 1 : Number.NaN;
}

const known = (value: Exact, unit: Unit): Evaluated => ({ ok: true, quantity: { value, unit } });
const refused = (reason: string): Refused => ({ ok: false, reason });
