import { describe, expect, it } from 'vitest';
import { footerLine } from '../../src/cards/footer.ts';
import { stepCard } from '../../src/cards/step-card.ts';
import { stepLine } from '../../src/cards/step-line.ts';
import { stateLine } from '../../src/cards/trade-state.ts';
import { advanceAll } from '../../src/domain/trade/advance.ts';
import { headOf } from '../../src/domain/trade/head.ts';
import { resultOf } from '../../src/domain/trade/result.ts';
import { openTrade, type TradeEvent } from '../../src/domain/trade.ts';
import { bar, clockAt, FILLED, longPlan, type Row, shortPlan, taken } from '../domain/trade/table.ts';
import { alertsOf, allowed, at, closeByMember, fillCorrection, resume, shadowOn } from './told-steps.ts';

const lines = (...rows: Row[]): string[] => alertsOf(shadowOn(rows)).map(stepLine);
const later = (...events: TradeEvent[]): string[] => alertsOf(shadowOn([FILLED], events)).map(stepLine);

const GAP: Row = ['10:30', 100.02, 100.5, 99.9, 100.4];
const T1: Row = ['10:31', 100.4, 101.1, 100.3, 101];

describe('a step in one line', () => {
  it('names symbol, price and second of a trigger, and what the plan had said', () => {
    expect(lines(GAP)).toEqual(['Triggered  TEST 100.02 at 10:31:00 · plan said 100.00 · slippage 0.02']);
    expect(lines(FILLED)).toEqual(['Triggered  TEST 100.00 at 10:31:00 · as planned']);
  });

  it('says what a target sold, where the stop went and what is banked', () => {
    expect(lines(FILLED, T1)[1]).toBe('T1 hit  101.00 · half sold · stop to 100.00 · +0.5 R banked');
    expect(lines(FILLED, T1, ['10:32', 101, 102.1, 100.9, 102])[2]).toBe(
      'T2 hit  102.00 · half of the rest sold · stop 100.00 · +1.0 R banked',
    );
    expect(lines(FILLED, ['10:31', 101.3, 101.4, 101, 101.2])[1]).toBe(
      'T1 hit  101.30 · plan said 101.00 · half sold · stop to 100.00 · +0.7 R banked',
    );
  });

  it('of a plan without a runner ends with its last target', () => {
    const [t1, t2] = longPlan.targets;
    if (!t1 || !t2) throw new Error('two targets are needed');
    const noRunner = {
      ...longPlan,
      targets: [t1, { ...t2, shareRatio: 0.5 }],
      runner: { ...longPlan.runner, shareRatio: 0 },
    };
    const rows: Row[] = [FILLED, T1, ['10:32', 101, 102.1, 100.9, 102]];
    expect(alertsOf(shadowOn(rows, [], noRunner)).map(stepLine)[2]).toBe(
      'T2 hit  102.00 · the rest sold · result +1.5 R · best 2.0 R (MFE) · 2 min',
    );
    const one = { ...noRunner, targets: [{ ...t1, shareRatio: 1 }] };
    expect(alertsOf(shadowOn(rows, [], one)).map(stepLine)[1]).toBe(
      'T1 hit  101.00 · all sold · result +1.0 R · best 1.0 R (MFE) · 1 min',
    );
  });

  it('says when a member came in cheaper than planned', () => {
    const claimed = openTrade(longPlan, { ...taken, fillPrice: 99.97 });
    expect(alertsOf(advanceAll(claimed, [clockAt('10:30')]), true).map(stepLine)).toEqual([
      'Triggered  TEST 99.97 at 10:30:00 · plan said 100.00 · 0.03 better',
    ]);
  });

  it('tells a stop on the rest from a stop on everything, and how it all went', () => {
    expect(lines(FILLED, T1, ['10:32', 101, 101.4, 99.9, 100])[2]).toBe(
      'Stopped  100.00 on the rest · result +0.5 R · best 1.1 R (MFE) · 2 min',
    );
    expect(lines(FILLED, T1, ['10:32', 99.8, 99.9, 99.5, 99.6])[2]).toBe(
      'Stopped  99.80 on the rest · stop was 100.00 · result +0.4 R · best 1.1 R (MFE) · 2 min',
    );
    expect(lines(FILLED, ['10:31', 100.4, 100.5, 98.9, 99])[1]).toBe(
      'Stopped  99.00 · result -1.0 R · best 0.5 R (MFE) · 1 min',
    );
    expect(lines(FILLED, ['10:31', 98.5, 98.6, 98.2, 98.4])[1]).toBe(
      'Stopped  98.50 · stop was 99.00 · result -1.5 R · best 0.5 R (MFE) · 1 min',
    );
  });

  it('says that the runner was trailed out', () => {
    const rows: Row[] = [FILLED, T1, ['10:32', 101, 102.1, 100.9, 102], ['10:33', 102, 103.5, 101.9, 103.4]];
    const told = lines(...rows, ['10:34', 103.4, 103.5, 101.9, 102]);
    expect(told[4]).toBe('Trailed out  102.00 on the runner · result +1.6 R · best 3.5 R (MFE) · 4 min');
  });

  it('names the end of a plan that never got in', () => {
    expect(alertsOf(shadowOn([], [clockAt('15:30')])).map(stepLine)).toEqual(['Expired  TEST at 15:30:00 · no entry']);
    expect(lines(['10:30', 99.6, 99.7, 98.9, 99.2])).toEqual(['Invalidated  TEST at 10:31:00 · no entry']);
    expect(lines(['10:30', 100.5, 100.8, 100.4, 100.6])).toEqual([
      'Missed  TEST 100.50 at 10:31:00 · limit 100.20 · the order waits there',
    ]);
    const cancelled = allowed(closeByMember(shadowOn([]).trade, { at: at('10:40') }));
    expect(alertsOf(cancelled).map(stepLine)).toEqual(['Cancelled  TEST at 10:40:00 · no entry']);
  });

  it('knows no result of a plan that held shares and heard no word of a split', () => {
    const halved = ['09:30', '09:31'].map((time) => bar([time, 50.2, 50.3, 50.1, 50.2], '2013-10-09'));
    const events = [...halved.map((one): TradeEvent => ({ kind: 'bar', bar: one })), clockAt('16:00', '2013-10-10')];
    expect(later(...events).at(-1)).toBe('Cancelled  TEST at 16:00:00 · result not known');
    const { trade } = shadowOn([FILLED], events);
    const life = { trade, head: headOf(trade, 50), result: resultOf(trade) };
    expect(stateLine(life)).toBe('Ended: cancelled · result not known');
  });

  it('names a time stop, a close and a correction by the member', () => {
    const quiet = bar(['15:59', 100.4, 100.6, 100.3, 100.5]);
    expect(later({ kind: 'bar', bar: quiet }, clockAt('16:00'))[1]).toBe(
      'Time stop  100.50 at the close · result +0.5 R · best 0.6 R (MFE) · 5 h 29 min',
    );
    const open = shadowOn([FILLED]).trade;
    expect(alertsOf(allowed(closeByMember(open, { price: 100.7, at: at('10:45') }))).map(stepLine)).toEqual([
      'Closed  100.70 by the member · result +0.7 R · best 0.7 R (MFE) · 14 min',
    ]);
    expect(alertsOf(allowed(fillCorrection(open, { price: 100.05, at: at('10:45') }))).map(stepLine)).toEqual([
      'Fill corrected  100.05 · was 100.00',
    ]);
  });

  it('says that a price like a split suspends the plan, and that it goes on', () => {
    const next = { ...bar(['09:30', 50.2, 50.3, 50.1, 50.2]), openAt: at('09:30', '2013-10-09') };
    const armed = { ...longPlan, expiresAt: at('15:30', '2013-10-09') };
    const events: TradeEvent[] = [0, 1].map((minute) => ({
      kind: 'bar',
      bar: { ...next, openAt: next.openAt + minute * 60_000 },
    }));
    const gone = shadowOn([['15:59', 99.8, 99.9, 99.7, 99.8]], events, armed);
    expect(alertsOf(gone).map(stepLine)).toEqual([
      'Suspended  TEST 50.20 at 09:31:00 · looks like a split · waits for word of it',
    ]);
    const resumed = allowed(resume(gone.trade, { factor: 2, at: at('10:00', '2013-10-09') }));
    expect(alertsOf(resumed).map(stepLine)).toEqual(['Resumed  TEST at 10:00:00']);
  });

  it('covers a short and counts its slippage downwards', () => {
    const rows = [bar(['10:30', 99.97, 100.1, 99.6, 99.7]), bar(['10:31', 99.7, 99.8, 98.9, 99])];
    const told = alertsOf(
      shadowOn(
        [],
        rows.map((one) => ({ kind: 'bar', bar: one })),
        shortPlan,
      ),
    );
    expect(told.map(stepLine)).toEqual([
      'Triggered  TEST 99.97 at 10:31:00 · plan said 100.00 · slippage 0.03',
      'T1 hit  99.00 · half covered · stop to 99.97 · +0.5 R banked',
    ]);
  });
});

describe('the card of a step', () => {
  const [triggered, hit, stopped] = alertsOf(shadowOn([FILLED, T1, ['10:32', 101, 101.4, 99.9, 100]]));
  if (!triggered || !hit || !stopped) throw new Error('three steps are needed');

  it('is the line itself, the side in words, the reason, and the alert it is', () => {
    const card = stepCard(triggered, 0, 'Massive');
    expect(card).toMatchObject({ layout: 'embed', title: stepLine(triggered), tone: 'up', disclaimer: true });
    expect(card.blocks).toEqual([{ kind: 'text', text: '▲ long · stop 99.00 · traded 100.00' }]);
    expect(footerLine(card, triggered.at)).toBe(
      `alert ${triggered.step.stepId.slice(0, 8)} · as of 10:31:00 ET · Massive · live · Education, not financial advice.`,
    );
  });

  it('begins with how late it is after a minute, not before', () => {
    expect(stepCard(hit, 60_000, 'Massive').title).toBe(stepLine(hit));
    expect(stepCard(hit, 190_000, 'Massive').title).toBe(`LATE 03:10 · ${stepLine(hit)}`);
    expect(stepCard(hit, 3_790_000, 'Massive').title).toMatch(/^LATE 01:03:10 · /);
  });

  it('of a result has its colour: won, lost, nothing', () => {
    const tones = [0.5, -1, 0.04].map(
      (realisedR) => stepCard({ ...stopped, result: { ...stopped.result, realisedR } as never }, 0, 'Massive').tone,
    );
    expect(tones).toEqual(['up', 'down', 'neutral']);
  });

  it('says that a step is of one member alone, without a number of shares', () => {
    const [own] = alertsOf(shadowOn([GAP]), true);
    const text = JSON.stringify(own && stepCard(own, 0, 'Massive', 'intraday path synthesised'));
    expect(text).toContain("One member's own trade");
    expect(text).toContain('intraday path synthesised');
    expect(text).not.toMatch(/\bshares?\b/);
  });
});
