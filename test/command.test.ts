import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Ctx, InvokeRecord } from '../src/command.ts';
import { createInvoke, defineCommand } from '../src/command.ts';
import { AppError } from '../src/kit/errors.ts';

const ctx = (tier: 'free' | 'pro' | 'owner' = 'free') =>
  ({ caller: { memberId: '7', name: 'Ann', tier }, clock: { now: () => 0, at: () => () => {} } }) as unknown as Ctx;

const double = (over: object = {}) =>
  defineCommand({
    name: 'double',
    slash: 'double',
    summary: 'Doubles',
    guidance: '',
    tier: 'free',
    effect: 'read',
    input: z.object({ n: z.number({ error: 'a number is needed' }) }),
    output: z.object({ twice: z.number() }),
    run: async (_ctx, { n }) => ({ twice: n * 2, secret: 'never shown' }),
    card: ({ twice }) => ({ layout: 'embed', tone: 'neutral', title: String(twice), blocks: [] }),
    ...over,
  });

function harness() {
  const records: InvokeRecord[] = [];
  return { records, invoke: createInvoke({ record: (entry) => records.push(entry) }) };
}

describe('the one way into a command', () => {
  it('answers with the output, its card, and only the keys that the output names', async () => {
    const { invoke, records } = harness();
    const outcome = await invoke(double(), ctx(), { n: 21 });
    expect(outcome).toMatchObject({ ok: true, output: { twice: 42 }, card: { title: '42' } });
    expect(JSON.stringify(outcome)).not.toContain('never shown');
    expect(records).toMatchObject([{ command: 'double', memberId: '7', outcome: 'ok' }]);
  });

  it('names the field and what is needed when the input does not fit', async () => {
    const { invoke, records } = harness();
    const outcome = await invoke(double(), ctx(), { n: 'many' });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'invalid_input', message: 'n: a number is needed.' } });
    expect(records[0]?.outcome).toBe('invalid_input');
  });

  it('refuses a member below the tier before it looks at the input', async () => {
    const { invoke } = harness();
    const outcome = await invoke(double({ tier: 'pro' }), ctx('free'), { n: 'many' });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'tier_required' } });
    expect(await invoke(double({ tier: 'pro' }), ctx('owner'), { n: 1 })).toMatchObject({ ok: true });
  });

  it('stops waiting at the deadline', async () => {
    const { invoke } = harness();
    const never = double({ deadlineMs: 20, run: () => new Promise(() => {}) });
    expect(await invoke(never, ctx(), { n: 1 })).toMatchObject({ ok: false, error: { code: 'unavailable' } });
  });

  it('passes an expected refusal on and hides a surprise behind one sentence', async () => {
    const { invoke, records } = harness();
    const refused = double({
      run: async () => {
        throw new AppError('not_found', 'No such thing.');
      },
    });
    expect(await invoke(refused, ctx(), { n: 1 })).toMatchObject({ ok: false, error: { message: 'No such thing.' } });
    const broken = double({
      run: async () => {
        throw new Error('password=hunter2');
      },
    });
    const outcome = await invoke(broken, ctx(), { n: 1 });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(outcome.ok ? '' : outcome.error.message).not.toContain('hunter2');
    expect(String(records[1]?.err)).toContain('hunter2');
  });

  it('catches an output that breaks its own promise', async () => {
    const { invoke } = harness();
    const liar = double({ run: async () => ({ twice: Number.NaN }) });
    expect(await invoke(liar, ctx(), { n: 1 })).toMatchObject({ ok: false, error: { code: 'internal' } });
  });

  it('marks the card of a private command as private', async () => {
    const { invoke } = harness();
    expect(await invoke(double({ private: true }), ctx(), { n: 1 })).toMatchObject({
      ok: true,
      card: { private: true },
    });
  });
});
