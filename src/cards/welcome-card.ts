import type { Card } from './card.ts';

/** The first thing a visitor of the sandbox reads, with five things to try; `symbol` has real minutes in this replay. */
export function welcomeCard(source: string, symbol: string): Card {
  const stock = { symbol };
  return {
    layout: 'container',
    tone: 'up',
    title: 'Welcome to Trading Coach',
    blocks: [
      {
        kind: 'text',
        text: [
          `You are looking at a replay on your own machine: **${source}**. No account, no key, nothing leaves this computer.`,
          'The clock at the top runs the market: speed it up, pause it, or jump to the next open or close.',
          'Press a button, or type `/` in the box below to see every command. From the open on the scanner offers plans in **#plans**: take one, and its thread tells every step. **#market** keeps a live board, **#alerts** tells each change of the session, **#ops** what is broken.',
          'After a restart the replay goes on where it stood, and nothing is told twice. Delete the data folder to begin anew.',
        ].join('\n\n'),
      },
    ],
    buttons: [
      { label: `Price of ${symbol}`, style: 'primary', action: { command: 'price', input: stock } },
      {
        label: "What's moving?",
        style: 'secondary',
        action: { command: 'movers', input: { direction: 'up', limit: 10 } },
      },
      { label: 'How broad is it?', style: 'secondary', action: { command: 'breadth', input: {} } },
      { label: `Plan ${symbol}`, style: 'secondary', action: { command: 'plan-build', input: stock } },
      { label: 'Ask the coach', style: 'secondary', action: { command: 'coach', input: {} } },
    ],
    disclaimer: true,
  };
}
