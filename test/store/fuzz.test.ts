import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, startHere } from './backend.ts';
import { both, put } from './compare.ts';
import { randomTrial } from './random-trials.ts';
import { missing, startReal } from './real-postgrest.ts';

const SCHEMA = fileURLToPath(new URL('./odd-schema', import.meta.url));
const RUNS = 60;
const service = { role: 'service_role' };

describe.skipIf(missing !== undefined)(`random requests ${missing ?? ''}`, () => {
  let embedded: Backend;
  let real: Backend;
  beforeAll(async () => {
    [embedded, real] = await Promise.all([startHere(SCHEMA), startReal(SCHEMA)]);
  });
  afterAll(() => Promise.all([embedded?.stop(), real?.stop()]));

  it('get the same answer from the embedded store as from real PostgREST', async () => {
    const seeds = [
      { id: 1, owner: 'ann', label: 'a', amount: 1.5, flag: true },
      { id: 2, owner: 'bob', label: 'b,"(c)', amount: -3, flag: null },
      { id: 3, owner: 'ann', label: null, amount: null, flag: false },
    ];
    const statuses = new Map<number, number>();
    let undeclared = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(randomTrial, { minLength: 10, maxLength: 20 }), async (trials) => {
        for (const backend of [embedded, real]) {
          await put(backend, { method: 'DELETE', path: 'odd?id=not.is.null', token: service });
          const seeded = await put(backend, {
            method: 'POST',
            path: 'odd',
            token: service,
            body: JSON.stringify(seeds),
          });
          expect(seeded.status).toBe(201);
        }
        for (const one of trials) {
          const answers = await both(embedded, real, one);
          if (answers === undefined) {
            undeclared += 1;
            continue;
          }
          expect({ ...answers[0], trial: JSON.stringify(one) }).toEqual({ ...answers[1], trial: JSON.stringify(one) });
          statuses.set(answers[0].status, (statuses.get(answers[0].status) ?? 0) + 1);
        }
      }),
      { numRuns: RUNS, seed: 20261121, endOnFailure: true },
    );
    const compared = [...statuses.values()].reduce((sum, n) => sum + n, 0);
    process.stdout.write(
      `compared ${compared} random requests, ${undeclared} undeclared: ${JSON.stringify([...statuses])}\n`,
    );
    expect(compared).toBeGreaterThanOrEqual(500);
    expect(undeclared).toBeLessThan(compared / 50);
  }, 120_000);
});
