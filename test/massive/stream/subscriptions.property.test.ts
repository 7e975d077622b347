import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Subscriptions } from '../../../src/massive/stream/subscriptions.ts';
import { NOW } from '../bench.ts';
import { heldClock } from '../held-clock.ts';

const PAIRS = ['T.A', 'T.B', 'Q.A', 'AM.A', 'AM.*'];
type Step =
  | { readonly do: 'hold'; readonly pairs: string[] }
  | { readonly do: 'release'; readonly which: number }
  | { readonly do: 'reconnect' | 'wait' };
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('hold' as const), pairs: fc.subarray(PAIRS, { minLength: 1 }) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reconnect' as const, 'wait' as const) }) },
);

describe('counted subscriptions', () => {
  it('the server ends up with exactly what somebody holds, whatever comes and goes and reconnects', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 40 }), fc.boolean(), async (script, lacksQuotes) => {
        const wall = heldClock(NOW);
        const server = new Set<string>();
        const held: { readonly pairs: string[]; readonly release: () => void }[] = [];
        const subscriptions: Subscriptions = new Subscriptions(wall, {
          send(action, pairs) {
            for (const pair of pairs) {
              if (action === 'unsubscribe') server.delete(pair);
              else if (lacksQuotes && pair.startsWith('Q.')) subscriptions.notAuthorized();
              else {
                server.add(pair);
                queueMicrotask(() => subscriptions.acknowledged([pair]));
              }
            }
          },
          settled: () => {},
          refused: (channel) => expect(channel).toBe('Q'),
          unanswered: () => {},
        });
        subscriptions.open();
        for (const step of script) {
          if (step.do === 'hold') held.push({ pairs: step.pairs, release: subscriptions.hold(step.pairs) });
          else if (step.do === 'release') held.splice(step.which, 1)[0]?.release();
          else if (step.do === 'wait') await wall.pass(2_500);
          else {
            subscriptions.close();
            server.clear();
            subscriptions.open();
          }
        }
        await wall.pass(2_500);
        const wanted = new Set(
          held.flatMap(({ pairs }) => pairs).filter((pair) => !(lacksQuotes && pair.startsWith('Q.'))),
        );
        expect(server).toEqual(wanted);
      }),
      { numRuns: 500 },
    );
  });
});
