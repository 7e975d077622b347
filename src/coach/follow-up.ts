import type { CardButton } from '../cards/card.ts';
import type { CommandDefinition } from '../command.ts';
import type { Reading } from './turn.ts';

const MOST = 5;

const button = (label: string, command: string, input: CardButton['action']['input'] = {}): CardButton => ({
  label,
  style: 'secondary',
  action: { command, input },
});

const ALWAYS = [
  button("What's moving", 'movers'),
  button('Breadth', 'breadth'),
  button('My trades', 'trade-list'),
  button('Status', 'status'),
  button('Help', 'help'),
];

/** What one would press next, after what was read; the general ones when nothing was. */
export function buttonsFor(readings: readonly Reading[], commands: readonly CommandDefinition[]): CardButton[] {
  const known = new Set(commands.map((command) => command.name));
  const offered = [...readings.flatMap(after), ...(readings.length === 0 ? ALWAYS : [])];
  const once = new Map(offered.map((one) => [`${one.action.command} ${JSON.stringify(one.action.input)}`, one]));
  return [...once.values()].filter((one) => known.has(one.action.command)).slice(0, MOST);
}

function after({ command, result }: Reading): CardButton[] {
  const output = result.output as {
    readonly symbol?: string;
    readonly plan?: { readonly planId: string; readonly symbol: string };
  };
  const symbol = output.plan?.symbol ?? output.symbol;
  const about = symbol === undefined ? [] : [{ symbol, name: symbol.replace(/^I:/, '') }];
  const plans = about.map(({ symbol: of, name }) => button(`Plan ${name}`, 'plan-build', { symbol: of }));
  const levels = about.map(({ symbol: of, name }) => button(`Levels ${name}`, 'levels', { symbol: of }));
  const chart = about.map(({ symbol: of, name }) => button(`Chart ${name}`, 'chart', { symbol: of }));
  switch (command.name) {
    case 'price':
    case 'news':
      return [...levels, ...plans];
    case 'levels':
      return [...chart, ...plans];
    case 'plan-build':
      return output.plan
        ? [button('Why?', 'plan-why', { planId: output.plan.planId.slice(0, 12) }), ...levels]
        : levels;
    case 'plan-why':
    case 'offer-why':
      return output.plan ? [button('Show the plan', 'plan-show', { id: output.plan.planId.slice(0, 12) })] : [];
    case 'trade-list':
      return [button('My trades', 'trade-list'), button('Setups', 'setups')];
    case 'trade-show':
      return [
        ...(output.plan ? [button('Why?', 'plan-why', { planId: output.plan.planId.slice(0, 12) })] : []),
        button('My trades', 'trade-list'),
      ];
    case 'setups':
      return [button('Setups', 'setups'), button("What's moving", 'movers')];
    case 'movers':
      return [button('Breadth', 'breadth'), button('Movers', 'movers')];
    case 'breadth':
      return [button("What's moving", 'movers')];
    case 'status':
      return [button('Status', 'status'), button('Breadth', 'breadth')];
    case 'help':
      return ALWAYS;
    default:
      return [];
  }
}
