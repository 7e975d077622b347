import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pageFile } from '../../../src/sandbox/page/page-files.ts';
import { answerTo, chartPng, startMessages } from './fake-messages.ts';
import {
  BOT,
  CHANNELS,
  COMMANDS,
  FAULTS,
  freshId,
  GENERAL,
  PEOPLE,
  pressedBy,
  RISK_MODAL,
  SYMBOLS,
  usedBy,
  type WireMessage,
  wireMessage,
} from './fake-world.ts';

type Body = Record<string, string> & {
  options?: { name: string; value?: unknown; options?: { name: string; value?: unknown }[] }[];
};

type FakeEvent = { type: string };

export interface FakeServer {
  readonly url: string;
  /** Bodies of every POST, oldest first. */
  readonly heard: { readonly path: string; readonly body: Body }[];
  /** Sends an event to every open page. */
  tell(event: { readonly type: string }): void;
  post(message: WireMessage): void;
  edit(message: WireMessage): void;
  /** Keeps the bot's answers back until `release`. */
  hold(): void;
  release(): void;
  /** Cuts every stream, as a restart would. */
  cut(): void;
  stop(): Promise<void>;
}

async function readBody(request: IncomingMessage): Promise<Body> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as Body;
}

/** A loopback stand-in for the embedded Discord: it plays a script, nothing more. */
export async function startFakeServer(): Promise<FakeServer> {
  const messages = startMessages();
  const streams = new Map<ServerResponse, string>();
  const heard: { path: string; body: Body }[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let held: (() => void)[] | undefined;
  const png = chartPng();
  const opened = Date.now();
  let market = {
    marketAt: Date.parse('2015-12-23T15:32:15Z'),
    wallAt: opened,
    speed: 10,
    paused: false,
    phase: 'regular',
    sessionOn: '2015-12-23',
  };

  let faults = FAULTS;

  const tell = (event: { type: string }, as?: string): void => {
    for (const [stream, who] of streams)
      if (!as || as === who) stream.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  };
  const post = (message: WireMessage, as?: string): void => {
    messages.push(message);
    tell({ type: 'message', message } as FakeEvent, as);
  };
  const edit = (message: WireMessage, as?: string): void => {
    messages[messages.findIndex((one) => one.id === message.id)] = message;
    tell({ type: 'message_update', message } as FakeEvent, as);
  };
  const later = (ms: number, doing: () => void): void => {
    if (held) {
      held.push(doing);
      return;
    }
    const timer = setTimeout(() => {
      timers.delete(timer);
      doing();
    }, ms);
    timers.add(timer);
  };

  const failed = (nonce: string, as: string): void =>
    later(150, () =>
      tell({ type: 'interaction_failed', nonce, reason: 'The application did not respond.' } as FakeEvent, as),
    );
  const askRisk = (as: string): void => tell({ type: 'modal', modalId: freshId(), modal: RISK_MODAL } as FakeEvent, as);

  function answerSlash(body: Body): void {
    const { as = '', channelId = GENERAL, command = '', nonce = '' } = body;
    const sub = body.options?.[0]?.options ? ` ${body.options[0].name}` : '';
    const given = body.options?.[0]?.options ?? body.options ?? [];
    const symbol = String(given.find((one) => one.name === 'symbol')?.value ?? '');
    if (command === 'silent') failed(nonce, as);
    else if (command === 'risk') askRisk(as);
    else {
      const thinking = wireMessage(channelId, BOT.id, { ...usedBy(as, `${command}${sub}`), flags: 128, nonce });
      post(thinking, as);
      later(250, () => edit({ ...thinking, ...answerTo(command, symbol) }));
    }
  }

  function answerPress(body: Body): void {
    const { as = '', channelId = '', messageId = '', customId = '', nonce = '' } = body;
    const target = messages.find((one) => one.id === messageId);
    if (customId === 'why') {
      const parts = {
        ...pressedBy(as, messageId),
        flags: 64,
        content: 'Trend **+12**, volume **+6**, breadth **-4**.',
      };
      later(200, () => post(wireMessage(channelId, BOT.id, parts), as));
    } else if (customId === 'take') askRisk(as);
    else if (customId === 'verify') failed(nonce, as);
    else if (target) later(200, () => edit({ ...target, edited_timestamp: new Date().toISOString() }));
  }

  const actions: Record<string, (body: Body) => unknown> = {
    '/sandbox/say': (body) => post(wireMessage(body.channelId ?? '', body.as ?? '', { content: body.content })),
    '/sandbox/slash': answerSlash,
    '/sandbox/autocomplete': (body) => {
      const field = (body.options ?? [])
        .flatMap((one) => one.options ?? [one])
        .find((one) => one.name === body.focused);
      const typed = String(field?.value ?? '').toUpperCase();
      return { choices: SYMBOLS.filter((one) => one.name.toUpperCase().includes(typed)) };
    },
    '/sandbox/press': answerPress,
    '/sandbox/select': (body) =>
      later(150, () =>
        post(
          wireMessage(body.channelId ?? '', BOT.id, {
            ...pressedBy(body.as ?? '', body.messageId ?? ''),
            content: `About ${String(body.values)}`,
          }),
        ),
      ),
    '/sandbox/modal': (body) =>
      later(100, () => post(wireMessage(GENERAL, BOT.id, { flags: 64, content: 'Saved: 1.0 % of $10,000.' }), body.as)),
    '/sandbox/market': (body) => {
      if (body.action === 'speed') market = { ...market, speed: Number(body.speed) };
      else if (body.action === 'pause' || body.action === 'resume')
        market = { ...market, paused: body.action === 'pause' };
      else market = { ...market, phase: body.action === 'next_open' ? 'premarket' : 'regular' };
      tell({ type: 'market', market } as FakeEvent);
    },
    '/sandbox/fault': (body) => {
      faults = faults.map((one) => (one.key === body.key ? { ...one, on: Boolean(body.on) } : one));
      tell({ type: 'faults', faults } as FakeEvent);
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const as = url.searchParams.get('as') ?? '';
    const json = (status: number, value: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value ?? {}));
    };
    if (request.method === 'POST') {
      const body = await readBody(request);
      heard.push({ path: url.pathname, body });
      return json(200, actions[url.pathname]?.(body));
    }
    if (url.pathname === '/sandbox/state') {
      return json(200, {
        users: PEOPLE,
        botId: BOT.id,
        guild: { id: '1', name: 'Trading floor' },
        channels: CHANNELS,
        commands: COMMANDS,
        botOnline: true,
        botPresence: 'Watching 23 Dec 2015',
        market,
        faults,
      });
    }
    if (url.pathname === '/sandbox/events') {
      response
        .writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
        .write(': hello\n\n');
      streams.set(response, as);
      response.on('close', () => streams.delete(response));
      return;
    }
    const channel = /^\/sandbox\/channels\/(\d+)\/messages$/.exec(url.pathname)?.[1];
    if (channel)
      return json(
        200,
        messages.filter((one) => one.channel_id === channel),
      );
    if (url.pathname === '/attachments/chart.png') {
      response.writeHead(200, { 'content-type': 'image/png' }).end(png);
      return;
    }
    const file = await pageFile(url.pathname);
    if (file) response.writeHead(200, { ...file.headers, 'content-type': file.type }).end(file.body);
    else json(404, { error: `There is no ${url.pathname} here.` });
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard,
    tell,
    post,
    edit,
    hold: () => {
      held = [];
    },
    release: () => {
      const waiting = held ?? [];
      held = undefined;
      for (const doing of waiting) doing();
    },
    cut: () => {
      for (const stream of streams.keys()) stream.destroy();
    },
    stop: async () => {
      for (const timer of timers) clearTimeout(timer);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
