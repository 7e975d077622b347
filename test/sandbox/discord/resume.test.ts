import { once } from 'node:events';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type DiscordSandbox, startDiscord } from '../../../src/sandbox/discord/server.ts';
import { TOKEN } from './stage.ts';

interface Frame {
  op: number;
  t?: string;
  s?: number;
  d: Record<string, unknown>;
}

/** A client that does nothing but identify, resume and remember. */
function createBareClient(discord: DiscordSandbox) {
  const heard: string[] = [];
  let seq = 0;
  let session: string | undefined;
  let socket: WebSocket;
  let caughtUp = (): void => {};
  const connect = async (): Promise<void> => {
    socket = new WebSocket(`${discord.url.replace('http', 'ws')}/gateway?v=10&encoding=json`);
    socket.on('error', () => {});
    const ready = new Promise<void>((resolve) => {
      caughtUp = resolve;
    });
    socket.on('message', (raw) => {
      const frame = JSON.parse(String(raw)) as Frame;
      if (frame.s !== undefined) {
        if (frame.s !== seq + 1) throw new Error(`event ${frame.s} came after ${seq}`);
        seq = frame.s;
      }
      if (frame.t === 'READY') session = String(frame.d.session_id);
      if (frame.t === 'GUILD_CREATE' || frame.t === 'RESUMED') caughtUp();
      if (frame.t === 'MESSAGE_CREATE') heard.push(String(frame.d.content));
    });
    await once(socket, 'open');
    const d = session
      ? { token: TOKEN, session_id: session, seq }
      : { token: TOKEN, intents: (1 << 9) | (1 << 15), properties: {} };
    socket.send(JSON.stringify({ op: session ? 6 : 2, d }));
    await ready;
  };
  const close = async (code: number): Promise<void> => {
    const closed = once(socket, 'close');
    if (code === 0) socket.terminate();
    else socket.close(code);
    await closed;
  };
  return { heard, connect, close };
}

let discord: DiscordSandbox;
beforeAll(async () => {
  discord = await startDiscord({ port: 0, host: '127.0.0.1', token: TOKEN });
});
afterAll(() => discord.stop());

describe('a session that is resumed', () => {
  it('hears each message once and in order, however often and however it was cut', async () => {
    let run = 0;
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constant('say' as const) },
      { weight: 1, arbitrary: fc.constantFrom('cut' as const, 'leave' as const) },
      { weight: 2, arbitrary: fc.constant('come' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        run += 1;
        const client = createBareClient(discord);
        await client.connect();
        let isThere = true;
        const said: string[] = [];
        for (const [n, one] of [...steps, 'come' as const].entries()) {
          if (one === 'say') {
            said.push(`${run}.${n}`);
            discord.person.say({ as: discord.users.pro, channelId: discord.channels.coach, content: `${run}.${n}` });
          } else if (one === 'come' && !isThere) {
            await client.connect();
            isThere = true;
          } else if (one !== 'come' && isThere) {
            await client.close(one === 'cut' ? 0 : 4000);
            isThere = false;
          }
        }
        // one round trip more, so that what was said last has arrived
        await client.close(4000);
        await client.connect();
        expect(client.heard).toEqual(said);
        await client.close(1000);
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});
