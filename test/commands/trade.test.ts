import { describe, expect, it } from 'vitest';
import { coachCommand } from '../../commands/coach.ts';
import { commands } from '../../commands/index.ts';
import { offerWhyCommand, planVerifyCommand } from '../../commands/offer.ts';
import { planShowCommand, planWhyCommand } from '../../commands/plan.ts';
import { setupsCommand } from '../../commands/setups.ts';
import {
  tradeCloseCommand,
  tradeFixCommand,
  tradeListCommand,
  tradeShowCommand,
  tradeTakeCommand,
} from '../../commands/trade.ts';
import { sourceOf } from '../../commands/trade-life.ts';
import type { Card } from '../../src/cards/card.ts';
import { type CommandDefinition, createInvoke } from '../../src/command.ts';
import { formOf, needsForm } from '../../src/discord/forms.ts';
import { slashCommands } from '../../src/discord/registry.ts';
import { textOf } from '../cards/golden.ts';
import { samplePlan } from '../cards/sample.ts';
import { tradeDesk } from './trade-desk.ts';

const { ctx, asked, open, ended } = tradeDesk();
const invoke = createInvoke({ record: () => {} });

async function shown(command: CommandDefinition, input: object): Promise<Card> {
  const outcome = await invoke(command, ctx, input);
  if (!outcome.ok) throw outcome.error;
  return outcome.card;
}

async function refused(command: CommandDefinition, input: object): Promise<string> {
  const outcome = await invoke(command, ctx, input);
  return outcome.ok ? 'it was allowed' : `${outcome.error.code}: ${outcome.error.message}`;
}

const short = samplePlan.planId.slice(0, 12);
const ownId = open.tradeId.slice(0, 12);

describe('"Take it"', () => {
  it('asks for shares and fill: the shares as the risk allows, no fill before the trigger', async () => {
    expect(needsForm(tradeTakeCommand, { planId: short })).toBe(true);
    const form = await formOf(tradeTakeCommand, ctx, { planId: short }, 1_000);
    expect(form?.custom_id).toBe(`1m|trade-take||planId=${short}`);
    expect(form?.custom_id.length).toBeLessThanOrEqual(100);
    const fields = form?.components.map((row) => ('component' in row ? row.component : {}));
    expect(fields).toMatchObject([
      { custom_id: 'shares', required: true, value: '138' },
      { custom_id: 'fillPrice', required: false },
    ]);
    expect(fields?.[1]).not.toHaveProperty('value');
  });

  it('says before it is sent what is told with a name, and what to nobody', async () => {
    const form = await formOf(tradeTakeCommand, ctx, { planId: short }, 1_000);
    expect(form?.components.map((row) => ('label' in row ? row.label : ''))).toEqual([
      'Shares, sized by your /risk; told to nobody',
      'Fill if in already; told with your name',
    ]);
  });

  it('names the last price as fill once the market is through the trigger, on either side', async () => {
    for (const [direction, last, filled] of [
      ['long', 94.12, '94.12'],
      ['long', 94.09, undefined],
      ['short', 94.05, '94.05'],
      ['short', 94.11, undefined],
    ] as const) {
      const desk = tradeDesk({ plan: { ...samplePlan, direction }, last });
      const form = await formOf(tradeTakeCommand, desk.ctx, { planId: short }, 1_000);
      const fill = form?.components.map((row) => ('component' in row ? row.component : {}))[1];
      expect((fill as { value?: string } | undefined)?.value).toBe(filled);
    }
  });

  it('takes the plan in the name of who presses, and shows it to them alone', async () => {
    const card = await shown(tradeTakeCommand, { planId: short, shares: 100, fillPrice: 94.12 });
    expect(asked.at(-1)).toEqual(['take', '7', short, { shares: 100, fillPrice: 94.12 }]);
    expect(card).toMatchObject({ private: true, disclaimer: true, provenance: { source: 'Massive' } });
    expect(textOf(card)).toContain('<#900000000000000001>');
  });

  it('says in one sentence what does not fit, before anybody is asked', async () => {
    const before = asked.length;
    expect(await refused(tradeTakeCommand, { planId: short, shares: 'many' })).toBe(
      'invalid_input: shares: found "many", needed a number of shares such as 100.',
    );
    expect(await refused(tradeTakeCommand, { planId: short, shares: 1.5 })).toContain(
      'found 1.5, needed a whole number',
    );
    expect(await refused(tradeTakeCommand, { planId: short, shares: 0 })).toContain('found 0, needed at least 1 share');
    expect(await refused(tradeTakeCommand, { planId: short, shares: 1, fillPrice: -3 })).toContain(
      'fillPrice: found -3, needed a price above 0.',
    );
    expect(await refused(tradeTakeCommand, { planId: 'xyz', shares: 1 })).toContain(
      'planId: found "xyz", a plan id is',
    );
    expect(await refused(tradeTakeCommand, { shares: 1 })).toContain('planId: found nothing, needed a plan id');
    expect(asked.length).toBe(before);
  });

  it('is no word of the model, the address line or the slash', () => {
    expect(tradeTakeCommand).toMatchObject({ effect: 'write', private: true });
    expect([tradeTakeCommand.slash, tradeTakeCommand.tool, tradeTakeCommand.route]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('/trade', () => {
  it('lists the own trades with the time of the oldest open price', async () => {
    const card = await shown(tradeListCommand, {});
    expect(asked.at(-1)).toEqual(['list', '7', { openOnly: false }]);
    expect(textOf(card)).toContain('1 open · 1 ended, 1 of them entered');
    expect(card).toMatchObject({ private: true, provenance: { asOf: open.last.closedAt } });
    await shown(tradeListCommand, { open: true });
    expect(asked.at(-1)).toEqual(['list', '7', { openOnly: true }]);
  });

  it('of several sources names the one whose open price is oldest, and with none open the end that was last', () => {
    const life = (state: 'triggered' | 'closed', asOf: number) =>
      ({ trade: { state }, provenance: { asOf, source: 'Massive', timeliness: 'live' } }) as never;
    expect(sourceOf([life('triggered', 30), life('triggered', 20), life('closed', 10)])?.asOf).toBe(20);
    expect(sourceOf([life('closed', 10), life('closed', 40)])?.asOf).toBe(40);
    expect(sourceOf([])).toBeUndefined();
  });

  it('shows one with its steps and its thread', async () => {
    const card = await shown(tradeShowCommand, { id: ended.tradeId });
    expect(card.title).toMatch(/^Ended: ▲ long TEST/);
    expect(textOf(card)).toContain('10:31 Triggered');
    expect(textOf(card)).toContain('<#900000000000000001>');
  });

  it('closes only after asking for a price, with the last one where there is something to sell', async () => {
    expect(needsForm(tradeCloseCommand, { id: ownId })).toBe(true);
    const form = await formOf(tradeCloseCommand, ctx, { id: ownId }, 1_000);
    expect(form?.components).toMatchObject([{ component: { custom_id: 'price', required: false, value: '100.4' } }]);
    const card = await shown(tradeCloseCommand, { id: ownId, price: 100.4 });
    expect(asked.at(-1)).toEqual(['close', '7', ownId, 100.4]);
    expect(textOf(card)).toMatch(/^Closed at your word\./);
  });

  it('corrects a fill that the member names, beginning with the one it has', async () => {
    const form = await formOf(tradeFixCommand, ctx, { id: ownId }, 1_000);
    expect(form?.components).toMatchObject([{ component: { custom_id: 'price', required: true, value: '100' } }]);
    await shown(tradeFixCommand, { id: ownId, price: 100.05 });
    expect(asked.at(-1)).toEqual(['correct', '7', ownId, 100.05]);
  });

  it("of a foreign trade says the service's own sentence", async () => {
    expect(await refused(tradeShowCommand, { id: 'f'.repeat(12) })).toBe(
      "not_found: You have no trade ffffffffffff; it may be another member's. /trade list shows yours.",
    );
  });

  it('needs the id in the slash and asks for the price by a form', () => {
    const trade = slashCommands(commands, 'guild').find(({ name }) => name === 'trade');
    const close = trade?.options?.find(({ name }) => name === 'close');
    expect(close && 'options' in close && close.options).toMatchObject([
      { name: 'id', required: true, autocomplete: true },
      { name: 'price', required: false },
    ]);
  });

  it('suggests own trades by id and symbol, only open ones to close', async () => {
    const all = await tradeShowCommand.suggest?.id?.(ctx, 'te');
    expect(all?.map(({ value }) => value)).toEqual([open.tradeId.slice(0, 12), ended.tradeId.slice(0, 12)]);
    expect(await tradeCloseCommand.suggest?.id?.(ctx, 'zz')).toEqual([]);
    expect(asked.at(-1)).toEqual(['list', '7', { openOnly: true }]);
  });
});

describe('an offered plan', () => {
  it('is explained to who has no plan of that id, as of its decision', async () => {
    const card = await shown(planWhyCommand, { planId: short });
    expect(card).toMatchObject({ private: true, provenance: { asOf: samplePlan.decidedAt } });
    expect(textOf(card)).toContain('**Size, reference account:** At most $100.00');
  });

  it("is explained to all in its thread, where nobody's own plan is found", async () => {
    expect((await shown(offerWhyCommand, { planId: short })).private).toBe(false);
    const mine = tradeDesk({ memberId: '7' });
    const outcome = await invoke(offerWhyCommand, mine.ctx, { planId: short });
    expect(outcome).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });

  it('is shown as it was offered, to be taken while it stands', async () => {
    const card = await shown(planShowCommand, { id: short });
    expect(card.buttons?.map(({ label }) => label)).toContain('Verify');
    expect(textOf(card)).toContain('the reference account');
    const over = tradeDesk({ isOver: true });
    const outcome = await invoke(planShowCommand, over.ctx, { id: short });
    expect(outcome.ok && outcome.card.buttons?.[0]).toMatchObject({ label: 'Take it', disabled: true });
  });

  it('that nobody offered is not found, in one sentence', async () => {
    expect(await refused(planWhyCommand, { planId: 'ffffff' })).toMatch(
      /^not_found: No plan ffffff was offered, and you/,
    );
  });

  it('is verified for the asker', async () => {
    const card = await shown(planVerifyCommand, { planId: short });
    expect(card).toMatchObject({ title: '✓ Equal: plan 7f3a9c', private: true });
  });

  it('stands among the setups, first when there is room for one, without what only the scanner needs', async () => {
    const outcome = await invoke(setupsCommand, ctx, { limit: 1 });
    expect(JSON.stringify(outcome)).not.toContain('setupId');
    expect(outcome.ok && textOf(outcome.card)).toContain('plan 7f3a9c');
  });
});

describe('the buttons of all these cards', () => {
  it('lead to commands that exist, with inputs that fit', async () => {
    const cards = await Promise.all([
      shown(planShowCommand, { id: short }),
      shown(tradeListCommand, {}),
      shown(tradeShowCommand, { id: ownId }),
      shown(tradeTakeCommand, { planId: short, shares: 1 }),
      shown(setupsCommand, {}),
    ]);
    const presses = cards.flatMap((card) => [
      ...(card.buttons ?? []).map(({ action }) => action),
      ...(card.select ? card.select.options.map(({ value }) => chosen(card, value)) : []),
    ]);
    expect(presses.length).toBeGreaterThan(12);
    for (const { command, input } of presses) {
      const found = commands.find(({ name }) => name === command);
      expect(found, command).toBeDefined();
      const asks = new Set(found?.form?.fields.map(({ key }) => key));
      const parsed = found?.input.safeParse(input);
      const missing = parsed?.success
        ? []
        : (parsed?.error.issues ?? []).filter(({ path }) => !asks.has(String(path[0])));
      expect(missing).toEqual([]);
    }
    expect(presses.filter(({ command }) => command === coachCommand.name).length).toBeGreaterThan(1);
  });
});

function chosen({ select }: Card, value: string) {
  return { command: select?.action.command ?? '', input: { ...select?.action.input, [select?.key ?? '']: value } };
}
