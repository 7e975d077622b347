import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Card } from '../../src/cards/card.ts';
import { healthCard } from '../../src/cards/health-card.ts';
import { offerCard } from '../../src/cards/offer-card.ts';
import { planCard, whyCard } from '../../src/cards/plan-card.ts';
import { planListCard } from '../../src/cards/plan-list-card.ts';
import { setupsCard } from '../../src/cards/setups-card.ts';
import { stepCard } from '../../src/cards/step-card.ts';
import { takenCard } from '../../src/cards/taken-card.ts';
import { tradeCard } from '../../src/cards/trade-card.ts';
import { tradeListCard } from '../../src/cards/trade-list-card.ts';
import { verifyCard } from '../../src/cards/verify-card.ts';
import { renderCard } from '../../src/discord/render.ts';
import { alertIdOf, alertTagOf } from '../../src/domain/alert.ts';
import { createDiscordValidator } from '../contracts/discord/validator.ts';
import { anyHealthAlert, anyLife, anyPlan, anyProvenance, anyStep, anyStepAlert, anyWords } from './random-plan.ts';

const validator = createDiscordValidator();
const MESSAGES = '/channels/100000000000000001/messages';
const draw = async (): Promise<{ png: Buffer }> => ({ png: Buffer.from('png') });
const NOW = Date.UTC(2015, 11, 23, 16);

type Body = Awaited<ReturnType<typeof renderCard>>['body'];

const stringsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
};

/** What Discord would refuse, what a phone would wrap, and what would be cut in the middle. */
async function faultsOf(card: Card): Promise<string[]> {
  const { body } = await renderCard(card, { now: NOW, draw });
  const refused = validator.request('POST', MESSAGES, JSON.parse(JSON.stringify(body)));
  const texts = stringsIn(body);
  return [
    ...refused.map(({ where, message }) => `${where} ${message}`),
    ...texts.filter((text) => !text.isWellFormed()).map((text) => `half a character in ${text.slice(0, 40)}`),
    ...markdownIn(body).flatMap(blockFaults),
    ...(pings(body) ? ['pings'] : []),
  ];
}

/** A title or a footer of an embed has no code blocks. */
function markdownIn({ embeds = [], components }: Body): string[] {
  const visit = (value: unknown): string[] => {
    if (typeof value !== 'object' || value === null) return [];
    const own = 'type' in value && value.type === 10 && 'content' in value ? [String(value.content)] : [];
    return [...own, ...Object.values(value).flatMap(visit)];
  };
  return [...embeds.map((embed) => embed.description ?? ''), ...visit(components)];
}

function blockFaults(text: string): string[] {
  const parts = text.split('```');
  if (parts.length % 2 === 0) return [`open code block in ${text.slice(0, 40)}`];
  const lines = parts.filter((_, index) => index % 2 === 1).flatMap((block) => block.split('\n'));
  return lines.filter((line) => [...line].length > 40).map((line) => `over 40 wide: ${line}`);
}

const pings = (body: Body): boolean => JSON.stringify(body.allowed_mentions) !== '{"parse":[]}';

const cards: Record<string, fc.Arbitrary<Card>> = {
  'an offer': fc
    .record({ plan: anyPlan, provenance: anyProvenance, memberId: fc.constantFrom(null, '4711') })
    .chain((offer) => fc.option(anyLife(offer.plan), { nil: undefined }).map((life) => offerCard(offer, life))),
  'a plan': fc
    .record({ plan: anyPlan, provenance: anyProvenance })
    .map(({ plan, provenance }) => planCard(plan, { bars: [], levels: [], provenance, at: NOW })),
  'the reasons': fc.tuple(anyPlan, anyProvenance).map(([plan, provenance]) => whyCard(plan, provenance)),
  'a list of plans': fc
    .tuple(fc.array(anyPlan, { maxLength: 10 }), anyProvenance)
    .map(([plans, provenance]) => planListCard(plans, NOW, provenance)),
  'a step': fc
    .tuple(anyStepAlert, fc.nat(9_000_000), anyWords, anyWords)
    .map(([alert, lateMs, source, note]) => stepCard(alert, lateMs, source, note)),
  'the health of a part': fc
    .tuple(anyHealthAlert, fc.nat(9_000_000), anyWords)
    .map(([alert, lateMs, source]) => healthCard(alert, lateMs, source)),
  'a trade': anyPlan.chain((plan) =>
    fc
      .tuple(anyLife(plan), fc.array(anyStep, { maxLength: 40 }), anyProvenance)
      .map(([life, steps, provenance]) => tradeCard(life, { provenance, steps, threadId: '100000000000000009' })),
  ),
  'what was taken': anyPlan.chain((plan) =>
    fc
      .tuple(anyLife(plan), fc.constantFrom('taken' as const, 'already' as const), anyProvenance)
      .map(([{ trade }, outcome, provenance]) => takenCard({ trade, plan, outcome, provenance })),
  ),
  'a list of trades': anyPlan.chain((plan) =>
    fc.tuple(fc.array(anyLife(plan), { maxLength: 40 }), anyProvenance).map(([lives, provenance]) =>
      tradeListCard(
        lives.map((life, at) => ({ ...life, trade: { ...life.trade, tradeId: `${at}`.padStart(12, '0') } })),
        { provenance },
      ),
    ),
  ),
  'a check': fc
    .tuple(anyPlan, fc.boolean())
    .map(([plan, equal]) => verifyCard({ ...plan, recomputedId: plan.planId, equal })),
  'the setups': fc
    .tuple(
      fc.array(
        anyPlan.map((plan) => ({
          symbol: plan.symbol,
          title: plan.setup.title,
          direction: plan.direction,
          detectedAt: plan.decidedAt,
          ...(plan.confidence.measured
            ? { outcome: 'offered' as const, planId: plan.planId }
            : { outcome: 'refused' as const, refusal: { code: 'not_enough_history', reason: plan.stop.reason } }),
        })),
        { maxLength: 25 },
      ),
      anyProvenance,
    )
    .map(([setups, provenance]) => setupsCard(setups, { offered: setups.length, refused: 900 }, provenance)),
};

const RUNS: Record<string, number> = { 'an offer': 5_000, 'a step': 5_000 };

describe('of 14,500 random plans, steps and trades', () => {
  it.each(Object.entries(cards))(
    '%s is never over a limit, torn, or wider than a phone',
    async (name, arbitrary) => {
      let seen = 0;
      await fc.assert(
        fc.asyncProperty(arbitrary, async (card) => {
          expect(await faultsOf(card)).toEqual([]);
          seen += 1;
        }),
        { numRuns: RUNS[name] ?? 500 },
      );
      expect(seen).toBe(RUNS[name] ?? 500);
    },
    120_000,
  );

  it('a step can always be found again by its last line', () => {
    fc.assert(
      fc.property(anyStepAlert, fc.nat(900_000), (alert, lateMs) => {
        const card = stepCard(alert, lateMs, 'Massive');
        expect(card.tag).toBe(alertTagOf(alertIdOf(alert)));
        expect(card).toMatchObject({ layout: 'embed', disclaimer: true, provenance: { asOf: alert.at } });
      }),
      { numRuns: 1_000 },
    );
  });

  it('no public card tells a number of shares that a member holds', () => {
    fc.assert(
      fc.property(anyStepAlert, (alert) => {
        const secret = 987_654_321;
        const told = stepCard({ ...alert, step: { ...alert.step, shares: secret, reason: '' } }, 0, 'Massive');
        expect(JSON.stringify(told)).not.toMatch(/987,?654,?321/);
      }),
      { numRuns: 1_000 },
    );
  });
});
