import { DiscordAPIError, type Interaction } from 'discord.js';
import { describe, expect, it } from 'vitest';
import type { Ctx, Invoke } from '../../src/command.ts';
import { createDispatcher } from '../../src/discord/dispatcher.ts';
import { stubCommands } from './stub-commands.ts';

function refusal(code: number, status: number): DiscordAPIError {
  return new DiscordAPIError({ code, message: 'refused' }, code, status, 'POST', '/interactions', {
    body: undefined,
    files: undefined,
  });
}

/** What discord.js hands over for `/price symbol:AAPL`, as far as the dispatcher looks at it. */
function slash(overrides: object): Interaction {
  const no = (): boolean => false;
  return {
    id: '1',
    guildId: '2',
    channelId: '3',
    guild: null,
    member: null,
    user: { id: '4', displayName: 'Ann' },
    commandName: 'price',
    options: { getSubcommand: () => null, get: (name: string) => (name === 'symbol' ? { value: 'AAPL' } : null) },
    isAutocomplete: no,
    isChatInputCommand: () => true,
    isButton: no,
    isAnySelectMenu: no,
    isModalSubmit: no,
    isMessageComponent: no,
    ...overrides,
  } as unknown as Interaction;
}

function stage(): { dispatch: (interaction: Interaction) => Promise<void>; logged: string[]; invoked: string[] } {
  const logged: string[] = [];
  const invoked: string[] = [];
  const invoke: Invoke = async (command) => {
    invoked.push(command.name);
    return { ok: true, output: {}, card: { layout: 'embed', tone: 'neutral', title: 't', blocks: [] } };
  };
  const dispatch = createDispatcher({
    commands: stubCommands,
    invoke,
    ctxFor: (caller) => ({ caller }) as unknown as Ctx,
    tierRules: {},
    clock: { now: () => 0 },
    log: {
      info: (_detail: object | string, phrase = '') => void logged.push(`info ${phrase}`),
      error: (_detail: object | string, phrase = '') => void logged.push(`error ${phrase}`),
    },
  });
  return { dispatch, logged, invoked };
}

describe('the dispatcher', () => {
  it('acknowledges before it does anything else', async () => {
    const { dispatch, invoked } = stage();
    const order: string[] = [];
    const deferReply = async (): Promise<void> => {
      order.push(`acknowledged with ${invoked.length} calls made`);
    };
    await dispatch(slash({ deferReply, client: { rest: { patch: async () => order.push('answered') } } }));
    expect(order).toEqual(['acknowledged with 0 calls made', 'answered']);
  });

  it('runs nothing for a member who is gone, and makes no fuss', async () => {
    for (const code of [10_062, 40_060]) {
      const { dispatch, logged, invoked } = stage();
      await dispatch(slash({ deferReply: () => Promise.reject(refusal(code, 404)) }));
      expect(invoked).toEqual([]);
      expect(logged).toEqual(['info interaction was gone before the answer']);
    }
  });

  it('logs what it did not expect and never throws', async () => {
    const { dispatch, logged } = stage();
    await dispatch(slash({ deferReply: () => Promise.reject(new RangeError('no')) }));
    await dispatch(
      slash({
        isChatInputCommand: () => {
          throw new Error('broken');
        },
      }),
    );
    expect(logged).toEqual(['error interaction failed', 'error interaction failed']);
  });

  it('says in a direct message where to ask', async () => {
    const { dispatch, invoked } = stage();
    const said: unknown[] = [];
    await dispatch(slash({ guildId: null, reply: async (answer: { content: string }) => said.push(answer.content) }));
    expect(said).toEqual(['I work in a server, not in direct messages. Ask me there, for example with /help.']);
    expect(invoked).toEqual([]);
  });

  it('says so when a command is not known any more', async () => {
    const { dispatch } = stage();
    const said: unknown[] = [];
    await dispatch(
      slash({ commandName: 'gone', reply: async (answer: { content: string }) => said.push(answer.content) }),
    );
    expect(said).toEqual(['/gone is not known any more. /help shows what is.']);
  });

  it('shows a fault instead of nothing when the answer cannot be shown', async () => {
    const { dispatch, logged } = stage();
    const sent: string[] = [];
    const rest = {
      patch: async () => {
        throw refusal(50_035, 400);
      },
      delete: async () => sent.push('deleted'),
      post: async (_route: string, { body }: { body: object }) => sent.push(JSON.stringify(body)),
    };
    await dispatch(slash({ deferReply: async () => undefined, client: { rest } }));
    expect(logged).toEqual(['error command met a fault']);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toMatch(/The answer to \/price could not be shown\. Reference [0-9a-f]{8}/);
  });
});
