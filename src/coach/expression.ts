import type { Refused } from './reference.ts';

/** A derived number as it is written: fields of tool results, four signs, and a few literals that change a scale. */
export type Expression =
  | { readonly kind: 'field'; readonly result: string; readonly path: readonly string[]; readonly text: string }
  | { readonly kind: 'literal'; readonly value: bigint }
  | { readonly kind: 'minus'; readonly of: Expression }
  | {
      readonly kind: 'pair';
      readonly sign: '+' | '-' | '*' | '/';
      readonly left: Expression;
      readonly right: Expression;
    };

const LONGEST = 300;
const DEEPEST = 12;
const TOKEN = /\s*(?:(t\d{1,2}(?:\.[A-Za-z_][A-Za-z0-9_]*|\.\d{1,4}|\[\d{1,4}\])*)|(\d{1,6})(?![\d.eE])|([-+*/()]))/y;

/** Reads `(t1.lastDollars - t1.openDollars) / t1.openDollars`. */
export function parseExpression(text: string): { readonly ok: true; readonly expression: Expression } | Refused {
  if (text.length > LONGEST) return refused(`an expression has at most ${LONGEST} characters`);
  const tokens = tokensOf(text);
  if (!tokens) return refused(`cannot read "${text.slice(0, 60)}": write fields like t1.lastDollars, + - * / and ( )`);
  let at = 0;
  let tooDeep = false;
  const peek = (): Token | undefined => tokens[at];

  const atom = (depth: number): Expression | undefined => {
    if (depth > DEEPEST) {
      tooDeep = true;
      return undefined;
    }
    const token = tokens[at++];
    if (!token) return undefined;
    if (token.kind !== 'sign') return token;
    if (token.sign === '-') {
      const of = atom(depth + 1);
      return of && { kind: 'minus', of };
    }
    if (token.sign !== '(') return undefined;
    const inner = sum(depth + 1);
    const close = tokens[at++];
    return close?.kind === 'sign' && close.sign === ')' ? inner : undefined;
  };
  const chain = (
    next: (depth: number) => Expression | undefined,
    signs: readonly string[],
    depth: number,
  ): Expression | undefined => {
    let left = next(depth);
    for (let token = peek(); left && token?.kind === 'sign' && signs.includes(token.sign); token = peek()) {
      at += 1;
      const right = next(depth);
      left = right && { kind: 'pair', sign: token.sign as '+' | '-' | '*' | '/', left, right };
    }
    return left;
  };
  const product = (depth: number): Expression | undefined => chain(atom, ['*', '/'], depth);
  const sum = (depth: number): Expression | undefined => chain(product, ['+', '-'], depth);

  const expression = sum(0);
  if (tooDeep) return refused('the expression is nested too deeply');
  if (!expression || at !== tokens.length) return refused(`"${text.slice(0, 60)}" is not a whole expression`);
  return { ok: true, expression };
}

type Token = Extract<Expression, { kind: 'field' | 'literal' }> | { readonly kind: 'sign'; readonly sign: string };

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const found = TOKEN.exec(text);
    if (!found) return undefined;
    const [, field, literal, sign = ''] = found;
    if (field !== undefined) {
      const [result = '', ...path] = field.replace(/\[(\d+)\]/g, '.$1').split('.');
      tokens.push({ kind: 'field', result, path, text: field });
    } else if (literal !== undefined) tokens.push({ kind: 'literal', value: BigInt(literal) });
    else tokens.push({ kind: 'sign', sign });
  }
  return tokens;
}

/** Every field that an expression names, in reading order. */
export function fieldsOf(expression: Expression): Extract<Expression, { kind: 'field' }>[] {
  if (expression.kind === 'field') return [expression];
  if (expression.kind === 'literal') return [];
  if (expression.kind === 'minus') return fieldsOf(expression.of);
  return [...fieldsOf(expression.left), ...fieldsOf(expression.right)];
}

const refused = (reason: string): Refused => ({ ok: false, reason });
