import type { APIMessage } from 'discord-api-types/v10';
import { commandOf } from './wire.ts';

/** Something the person did that the bot has not answered yet. */
export interface Pending {
  readonly nonce: string;
  readonly kind: 'slash' | 'press' | 'select' | 'modal';
  readonly channelId: string;
  /** Slash: the command's name. */
  readonly command?: string;
  readonly messageId?: string;
  readonly customId?: string;
  readonly startedAt: number;
  /** Why it failed, in the sandbox's words. */
  readonly failed?: string;
}

/** True when `message`, new or edited, is the bot's answer to `pending`. */
export function answers(message: APIMessage, pending: Pending, as: string, edited: boolean): boolean {
  if (message.nonce !== undefined && String(message.nonce) === pending.nonce) return true;
  if (edited) return pending.messageId === message.id;
  const asked = message.interaction_metadata;
  if (asked?.user.id !== as) return false;
  switch (pending.kind) {
    case 'slash': {
      const command = commandOf(message);
      const known = command === undefined || pending.command === undefined;
      return message.channel_id === pending.channelId && (known || command === pending.command);
    }
    case 'press':
    case 'select':
      return 'interacted_message_id' in asked && asked.interacted_message_id === pending.messageId;
    case 'modal':
      return message.channel_id === pending.channelId;
  }
}
