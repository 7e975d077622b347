import type { Card } from './card.ts';

/** Enough of a hash to compare by eye, narrow enough for a phone. */
const SHOWN_CHARACTERS = 24;

/** Whether a plan built again from the inputs that were kept is the same one, byte for byte. */
export function verifyCard(checked: {
  readonly planId: string;
  readonly recomputedId: string;
  readonly equal: boolean;
  readonly engineVersion: number;
}): Card {
  const { planId, recomputedId, equal, engineVersion } = checked;
  const short = planId.slice(0, 6);
  const sentence = equal
    ? 'Built again from the bars and levels that were kept: every byte is the same.'
    : recomputedId === planId
      ? 'Its inputs are those that were kept, but the plan is not what they give: it was changed after it was made.'
      : 'Built again from the bars and levels that were kept, it is another plan: inputs or engine have changed.';
  return {
    layout: 'embed',
    tone: equal ? 'up' : 'down',
    title: equal ? `✓ Equal: plan ${short}` : `✗ Not equal: plan ${short}`,
    blocks: [
      { kind: 'text', text: sentence },
      {
        kind: 'table',
        rows: [
          ['shown', planId.slice(0, SHOWN_CHARACTERS)],
          ['built again', recomputedId.slice(0, SHOWN_CHARACTERS)],
        ],
      },
    ],
    tag: `plan ${short} · engine ${engineVersion}`,
    disclaimer: true,
    private: true,
  };
}
