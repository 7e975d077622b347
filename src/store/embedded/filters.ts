import { undeclared } from './wire.ts';

/** A filter on one column, its value still as sent. */
export interface Filter {
  readonly column: string;
  readonly negated: boolean;
  readonly operator: Operator;
  readonly values: readonly string[];
}

const OPERATORS = {
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'like',
  ilike: 'ilike',
  in: '= any',
  is: 'is',
} as const;

type Operator = keyof typeof OPERATORS;

const IS_VALUES = ['null', 'true', 'false', 'unknown'];

function isOperator(text: string): text is Operator {
  return Object.hasOwn(OPERATORS, text);
}

/** The elements of `("a,b",c)`; a quoted one may hold anything, with `\` before `"` and `\`. */
function parseList(text: string): string[] {
  if (!text.startsWith('(')) throw undeclared('an "in" filter without a list');
  const values: string[] = [];
  const element = /(?:"((?:[^"\\]|\\.)*)"|([^,)"]*))([,)])/sy;
  // Spaces count everywhere but here.
  element.lastIndex = text.slice(1).search(/[^ \t]|$/) + 1;
  for (;;) {
    const match = element.exec(text);
    if (!match) throw undeclared('a list that does not read to its end');
    values.push(match[1]?.replace(/\\(.)/gs, '$1') ?? match[2] ?? '');
    if (match[3] === ')') break;
  }
  if (element.lastIndex !== text.length) throw undeclared('text after a list');
  return values;
}

/** Reads `not.eq.value` and its kin. */
export function parseFilter(column: string, text: string): Filter {
  const match = /^(not\.)?([a-z]+)\.(.*)$/s.exec(text);
  const operator = match?.[2] ?? '';
  const value = match?.[3] ?? '';
  if (!isOperator(operator)) throw undeclared(`the filter "${column}=${text.slice(0, 40)}"`);
  const negated = match?.[1] !== undefined;
  if (operator === 'in') return { column, negated, operator, values: parseList(value) };
  if (operator !== 'is') return { column, negated, operator, values: [value] };
  const literal = value.toLowerCase();
  if (!IS_VALUES.includes(literal)) throw undeclared('an "is" filter with another value');
  return { column, negated, operator, values: [literal] };
}

const arrayText = (values: readonly string[]): string =>
  `{${values.map((v) => `"${v.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;

/** SQL of one filter over an already quoted column; `bind` gives the placeholder for a value. */
export function filterSql(filter: Filter, column: string, bind: (value: string) => string): string {
  const not = filter.negated ? 'not ' : '';
  const [value = ''] = filter.values;
  switch (filter.operator) {
    case 'is':
      return `${not}${column} is ${value}`;
    case 'in':
      // PostgREST reads a lone empty element as an empty list.
      return `${not}${column} = any (${bind(filter.values.length === 1 && value === '' ? '{}' : arrayText(filter.values))})`;
    case 'like':
    case 'ilike':
      return `${not}${column} ${filter.operator} ${bind(value.replaceAll('*', '%'))}`;
    default:
      return `${not}${column} ${OPERATORS[filter.operator]} ${bind(value)}`;
  }
}
