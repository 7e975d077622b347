import type { AppError, ErrorCode } from '../kit/errors.ts';
import type { Card, Tone } from './card.ts';
import { escapeMarkdown } from './text.ts';

const TITLES: Record<ErrorCode, { title: string; tone: Tone }> = {
  invalid_input: { title: 'That does not fit', tone: 'warn' },
  unauthenticated: { title: 'Not signed in', tone: 'warn' },
  tier_required: { title: 'Not in your tier', tone: 'neutral' },
  not_found: { title: 'Nothing found', tone: 'neutral' },
  conflict: { title: 'Already done', tone: 'neutral' },
  rate_limited: { title: 'Too fast', tone: 'warn' },
  unavailable: { title: 'Not available now', tone: 'warn' },
  internal: { title: 'A fault of ours', tone: 'down' },
};

/** What was found and what is needed, for the asking member alone. */
export function errorCard(error: Pick<AppError, 'code' | 'message'>): Card {
  const { title, tone } = TITLES[error.code];
  const sentence = escapeMarkdown(error.message);
  return {
    layout: 'embed',
    tone,
    title,
    blocks: [{ kind: 'text', text: sentence.charAt(0).toUpperCase() + sentence.slice(1) }],
    private: true,
  };
}
