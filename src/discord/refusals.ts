import { DiscordAPIError } from 'discord.js';
import { AppError } from '../kit/errors.ts';

/** What is gone is not the channel but the message or the member that was named. */
const NAMED_IS_GONE = new Set<number | string>([10_007, 10_008, 10_013]);
/** An archived or a locked thread: Discord says 400, and no other message would do better there. */
const SHUT = new Set<number | string>([50_083, 160_005]);
const NEEDED = 'View Channel, Send Messages, Embed Links and Attach Files';

/**
 * Discord's refusal in the house's words; its own answer stays as the cause. `not_found` and `unauthenticated` are about the channel,
 * `internal` and `conflict` about this one call, `unavailable` passes.
 */
export async function told<T>(channelId: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    if (!(cause instanceof DiscordAPIError))
      throw new AppError('unavailable', 'Discord did not answer. The bot tries again by itself.', { cause });
    const { status, code } = cause;
    if (status === 404)
      throw new AppError('not_found', `Discord knows no channel or message here any more (channel ${channelId}).`, {
        cause,
      });
    if (status === 403 || SHUT.has(code))
      throw new AppError('unauthenticated', `The bot may not write in channel ${channelId}: give it ${NEEDED} there.`, {
        cause,
      });
    if (status === 400) throw new AppError('internal', 'Discord refused the message that was built.', { cause });
    throw new AppError('unavailable', 'Discord could not take the message now. The bot tries again by itself.', {
      cause,
    });
  }
}

/** True when Discord refused because the message or the member is gone while the channel stands. */
export function isNamedGone(error: unknown): boolean {
  return error instanceof DiscordAPIError && error.status === 404 && NAMED_IS_GONE.has(error.code);
}
