import type { APIMessage } from 'discord-api-types/v10';
import type { PersonRequests, SlashOption } from '../../discord/person-api.ts';
import { post, Refused } from './api.ts';
import type { ListEntry } from './listbox.ts';
import { withMentions } from './mention.ts';
import type { Pending } from './pending.ts';
import type { Session } from './session.ts';
import { freshNonce } from './wire.ts';

/** Everything the reader can do; each resolves to a sentence when the sandbox refused, else to undefined. */
export interface Actions {
  say(content: string): Promise<string | undefined>;
  slash(path: string, command: string, options: readonly SlashOption[]): Promise<string | undefined>;
  suggest(command: string, options: readonly SlashOption[], focused: string): Promise<readonly ListEntry[]>;
  press(message: APIMessage, customId: string): Promise<string | undefined>;
  select(message: APIMessage, customId: string, values: readonly string[]): Promise<string | undefined>;
  submit(modalId: string, values: Readonly<Record<string, string>>): Promise<string | undefined>;
  market(request: PersonRequests['/sandbox/market']): Promise<string | undefined>;
  fault(key: string, on: boolean): Promise<string | undefined>;
}

async function told(doing: Promise<unknown>): Promise<string | undefined> {
  try {
    await doing;
    return undefined;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    throw error;
  }
}

/** Everybody of the server whom a line may name, the bot too. */
function namedHere({ state }: Session): readonly { readonly id: string; readonly name: string }[] {
  if (!state) return [];
  return [...state.users, { id: state.botId, name: 'Trading Coach' }];
}

/** Actions of the session's reader in the channel that is open. */
export function createActions(session: Session): Actions {
  async function tracked(
    pending: Omit<Pending, 'startedAt' | 'nonce' | 'channelId'>,
    send: (nonce: string) => Promise<unknown>,
  ): Promise<string | undefined> {
    const nonce = freshNonce();
    session.begin({ ...pending, nonce, channelId: session.activeId });
    const refusal = await told(send(nonce));
    if (refusal === undefined) return undefined;
    if (pending.kind === 'press' || pending.kind === 'select') session.fail(nonce, refusal);
    else session.end(nonce);
    return refusal;
  }

  return {
    say: (line) => {
      const content = withMentions(line, namedHere(session));
      return told(post('/sandbox/say', { as: session.as, channelId: session.activeId, content }));
    },
    slash: (path, command, options) =>
      tracked({ kind: 'slash', command: path }, (nonce) =>
        post('/sandbox/slash', { as: session.as, channelId: session.activeId, nonce, command, options }),
      ),
    async suggest(command, options, focused) {
      const body = { as: session.as, channelId: session.activeId, command, options, focused };
      try {
        const { choices } = (await post('/sandbox/autocomplete', body)) as {
          choices: { name: string; value: unknown }[];
        };
        return choices.map((choice) => ({ label: choice.name, value: String(choice.value) }));
      } catch (error) {
        if (error instanceof Refused) return [];
        throw error;
      }
    },
    press: (message, customId) =>
      tracked({ kind: 'press', messageId: message.id, customId }, (nonce) =>
        post('/sandbox/press', {
          as: session.as,
          channelId: message.channel_id,
          messageId: message.id,
          customId,
          nonce,
        }),
      ),
    select: (message, customId, values) =>
      tracked({ kind: 'select', messageId: message.id, customId }, (nonce) =>
        post('/sandbox/select', {
          as: session.as,
          channelId: message.channel_id,
          messageId: message.id,
          customId,
          values,
          nonce,
        }),
      ),
    submit: (modalId, values) =>
      tracked({ kind: 'modal' }, (nonce) => post('/sandbox/modal', { as: session.as, modalId, values, nonce })),
    market: (request) => told(post('/sandbox/market', request)),
    fault: (key, on) => told(post('/sandbox/fault', { key, on })),
  };
}
