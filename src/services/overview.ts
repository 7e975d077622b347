import type { Provenance } from '../domain/provenance.ts';
import type { Phase } from '../domain/session.ts';
import type { Clock } from '../kit/clock.ts';
import type { Services } from './services.ts';
import type { Component, SessionStatus } from './status.ts';

/** The session, the indices and the health of every part in one look; times are market time. */
export interface Overview {
  readonly phase: Phase;
  readonly nextPhase: Phase;
  readonly nextChangeAt: number;
  readonly nextHoliday: SessionStatus['nextHoliday'];
  readonly marketAt: number;
  readonly indices: { readonly name: string; readonly value: number; readonly changePct: number | undefined }[];
  readonly advancingPct: number | undefined;
  readonly components: Component[];
  readonly provenance: Provenance | undefined;
}

/** Market time between two counts: the whole market is some 6 MB, and the board asks every few seconds. */
const BREADTH_EVERY_MS = 60_000;

/** Reads it; the session and the parts answer even when the market does not. */
export function createOverview(
  deps: Pick<Services, 'status' | 'market' | 'provenance'> & { readonly clock: Pick<Clock, 'now'> },
): () => Promise<Overview> {
  const { status, market, provenance, clock } = deps;
  let counted: { readonly at: number; readonly advancingPct: number | undefined } | undefined;

  const advancingPct = async (): Promise<number | undefined> => {
    const now = clock.now();
    if (counted && now >= counted.at && now - counted.at < BREADTH_EVERY_MS) return counted.advancingPct;
    const { value } = await market.breadth();
    counted = { at: now, advancingPct: value.covered > 0 ? value.advancingPct : undefined };
    return counted.advancingPct;
  };

  return async () => {
    const [indices, advancing, components] = await Promise.all([
      market.indices().catch(() => undefined),
      advancingPct().catch(() => undefined),
      status.components(),
    ]);
    const { phase, nextPhase, nextChangeAt, nextHoliday } = status.session();
    const symbols = indices?.value.map((index) => index.symbol) ?? [];
    return {
      phase,
      nextPhase,
      nextChangeAt,
      nextHoliday,
      marketAt: clock.now(),
      indices: (indices?.value ?? []).map(({ name, value, changePct }) => ({ name, value, changePct })),
      advancingPct: advancing,
      components: [...components],
      provenance: indices && provenance(indices, symbols),
    };
  };
}
