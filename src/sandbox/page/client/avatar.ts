import { el } from './element.ts';

const TINTS = ['slate', 'teal', 'steel', 'plum', 'moss', 'rust'] as const;

/** Initials on a quiet colour that stays the same for one id; the bot wears the accent. */
export function avatar(id: string, name: string, bot: boolean): HTMLElement {
  const words = name.trim().split(/[\s_-]+/);
  const initials = words.length > 1 ? `${words[0]?.[0] ?? ''}${words[1]?.[0] ?? ''}` : name.slice(0, 1);
  const tint = bot ? 'bot' : (TINTS[Number(id.slice(-4)) % TINTS.length] ?? 'slate');
  return el('span', { class: `avatar avatar-${tint}`, 'aria-hidden': 'true' }, initials.toUpperCase());
}
