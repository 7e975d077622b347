import type { Tone } from './card.ts';

/** Accent of each tone as a CSS colour; `TONE_NUMBER` is the same for Discord. */
export const TONE_COLOR: Record<Tone, string> = {
  up: '#10B981',
  down: '#EF4444',
  warn: '#F59E0B',
  neutral: '#6B7280',
};

/** Accent of each tone as Discord's 24-bit number. */
export const TONE_NUMBER: Record<Tone, number> = {
  up: 0x10b981,
  down: 0xef4444,
  warn: 0xf59e0b,
  neutral: 0x6b7280,
};

/** The sign that goes beside the colour, so that direction is never colour alone; empty for warn and neutral. */
export const TONE_SIGN: Record<Tone, string> = { up: '▲', down: '▼', warn: '', neutral: '' };

/** Last words of every plan, alert and coach answer. */
export const DISCLAIMER = 'Education, not financial advice.';
