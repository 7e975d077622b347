import { describe, expect, it } from 'vitest';
import { coachCommand } from '../../commands/coach.ts';
import { moversCommand } from '../../commands/movers.ts';
import { needsForm } from '../../src/discord/forms.ts';

describe('the list of movers', () => {
  it('opens a talk about the one that is chosen, without a form', async () => {
    const mover = { symbol: 'AAPL', lastDollars: 94.1, changePct: 2.1, volumeShares: 1e6, hasNews: true };
    const { select } = moversCommand.card({
      direction: 'up',
      movers: [mover],
      provenance: { asOf: 0, source: 'Massive', timeliness: 'live' },
    });
    expect(select?.action.command).toBe(coachCommand.name);
    const input = { ...select?.action.input, [select?.key ?? '']: select?.options[0]?.value ?? '' };
    expect(needsForm(coachCommand, input)).toBe(false);
    expect(await coachCommand.run({} as never, input)).toMatchObject({ question: 'Tell me about AAPL' });
  });
});
