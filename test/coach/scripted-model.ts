import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** What the client sent, as far as scripts look at it. */
export interface Asked {
  readonly store: boolean;
  readonly stream?: boolean;
  readonly tool_choice: string;
  readonly instructions: string;
  readonly tools: readonly { readonly name: string; readonly strict: boolean; readonly parameters: object }[];
  readonly input: readonly {
    readonly type?: string;
    readonly role?: string;
    readonly content?: string;
    readonly output?: string;
    readonly call_id?: string;
    readonly name?: string;
  }[];
}

interface Call {
  readonly name: string;
  readonly args?: unknown;
  /** Sent as it is instead of `args` as JSON. */
  readonly raw?: string;
}

/** What a scripted model does with one request. */
export type Act =
  | { readonly say: string }
  | { readonly call: readonly Call[] }
  | { readonly refuse: string }
  | { readonly status: number; readonly body?: string }
  | { readonly garbage: string }
  | { readonly cut: true }
  | { readonly hang: true }
  /** Begins an answer and never ends it. */
  | { readonly stall: true };

/** `turn` counts the requests of this server from one. */
export type Script = (asked: Asked, turn: number) => Act | Promise<Act>;

/** Results that the model was given so far, by id, as it sees them. */
export function resultsIn(asked: Asked): Map<string, unknown> {
  const texts = asked.input.map((item) => item.output ?? (item.role === 'user' ? item.content : undefined) ?? '');
  const results = new Map<string, unknown>();
  for (const text of texts) {
    try {
      const { id, result } = JSON.parse(text) as { id?: string; result?: unknown };
      if (id !== undefined) results.set(id, result);
    } catch {
      // a question is no result
    }
  }
  return results;
}

const has = (asked: Asked): boolean => asked.input.some((item) => item.type === 'function_call_output');

/** The characters that a coach meets. */
export const scripts = {
  /** Reads what it needs at once and cites it. */
  good: (asked: Asked): Act =>
    has(asked)
      ? {
          say: 'AAPL trades at {{t1.lastDollars|money}}, {{t1.changePct|percent}} on the day, and {{t2.advancingPct|pct}} of stocks advance. From the close before, that is {{(t1.lastDollars - t1.previousCloseDollars) / t1.previousCloseDollars * 100|percent}}.',
        }
      : {
          call: [
            { name: 'get_price', args: { symbol: 'AAPL' } },
            { name: 'get_breadth', args: {} },
          ],
        },
  /** Writes numbers of its own, also when told not to. */
  bareNumbers: (asked) =>
    has(asked) ? { say: 'AAPL is at $597.13, up 4.2 %.' } : { call: [{ name: 'get_price', args: { symbol: 'AAPL' } }] },
  /** Writes a number of its own once and mends it. */
  mends: (asked) => {
    if (!has(asked)) return { call: [{ name: 'get_price', args: { symbol: 'AAPL' } }] };
    const told = asked.input.some((item) => item.role === 'developer');
    return { say: told ? 'AAPL trades at {{t1.lastDollars|money}}.' : 'AAPL trades at $94.10.' };
  },
  inventsFields: (asked) =>
    has(asked)
      ? { say: 'AAPL earns {{t1.earningsDollars|money}} a share.' }
      : { call: [{ name: 'get_price', args: { symbol: 'AAPL' } }] },
  /** Calls what does not exist, and what does with somebody else's ids. */
  foreign: (asked) =>
    has(asked)
      ? { say: 'Nothing could be read.' }
      : {
          call: [
            { name: 'place_order', args: { symbol: 'AAPL' } },
            { name: 'order', args: { symbol: 'AAPL' } },
            { name: 'risk', args: { account: '1', percent: '99' } },
            { name: 'list_plans', args: { memberId: '200000000000000009' } },
            { name: 'explain_plan', args: { planId: 'deadbeefdead' } },
            { name: 'get_price', raw: '{"symbol": "AAPL"' },
          ],
        },
  /** Like the good one, half a second late each time. */
  slow: async (asked): Promise<Act> => {
    await pause(500);
    return scripts.good(asked);
  },
  stalls: () => ({ stall: true }),
  dead: () => ({ hang: true }),
  unauthorized: () => ({
    status: 401,
    body: '{"error":{"message":"Incorrect API key","type":"invalid_request_error"}}',
  }),
  rateLimited: () => ({ status: 429, body: '{"error":{"message":"Rate limit"}}' }),
  broken: () => ({ status: 500, body: 'upstream fell over' }),
  garbage: () => ({ garbage: '\u0000{"out' }),
  cut: () => ({ cut: true }),
  empty: () => ({ say: '  ' }),
  declines: () => ({ refuse: 'I cannot help with that.' }),
  /** Works, then the key is taken away. */
  revoked: (asked) =>
    has(asked)
      ? { status: 401, body: '{"error":{"message":"key revoked"}}' }
      : { call: [{ name: 'get_price', args: { symbol: 'AAPL' } }] },
  /** Asks for more whatever it is told. */
  endless: (_asked, turn) => ({ call: [{ name: 'get_price', args: { symbol: turn % 2 === 0 ? 'AAPL' : 'SPY' } }] }),
  /** Eleven calls in one go. */
  greedy: (asked) =>
    has(asked)
      ? { say: '{{t1.movers.0.symbol|text}} trades at {{t1.movers.0.lastDollars|money}}.' }
      : {
          call: Array.from({ length: 11 }, (_, i) => ({ name: 'get_movers', args: { direction: 'up', limit: i + 1 } })),
        },
} satisfies Record<string, Script>;

/** A loopback server that speaks OpenAI's Responses API, in one piece or streamed, and plays a script. */
export async function startScriptedModel(script: Script) {
  const asked: Asked[] = [];
  let current = script;
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (request.method !== 'POST' || request.url !== '/v1/responses') {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"no such path"}}');
      return;
    }
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Asked;
    asked.push(body);
    const act = await current(body, asked.length);
    if ('hang' in act) return;
    if ('status' in act) {
      response.writeHead(act.status, { 'content-type': 'application/json' }).end(act.body ?? '{}');
      return;
    }
    const type = body.stream ? 'text/event-stream' : 'application/json';
    response.writeHead(200, { 'content-type': type });
    if ('garbage' in act) {
      response.end(body.stream ? `event: response.created\ndata: ${act.garbage}\n\n` : act.garbage);
      return;
    }
    if ('stall' in act) {
      response.write(body.stream ? 'event: response.created\ndata: {"type":"response.created"}\n\n' : '{"id":');
      return;
    }
    const reply = JSON.stringify(wireReply(act, asked.length));
    if ('cut' in act) {
      response.write(
        body.stream ? 'event: response.created\ndata: {"type":"response.created"}\n\n' : reply.slice(0, 40),
      );
      setImmediate(() => response.destroy());
      return;
    }
    if (!body.stream) {
      response.end(reply);
      return;
    }
    response.write(`event: response.created\ndata: {"type":"response.created","response":${reply}}\n\n`);
    if ('say' in act) {
      for (const piece of act.say.match(/[\s\S]{1,17}/g) ?? []) {
        const delta = JSON.stringify({ type: 'response.output_text.delta', delta: piece });
        response.write(`event: response.output_text.delta\ndata: ${delta}\n\n`);
      }
    }
    response.end(`event: response.completed\ndata: {"type":"response.completed","response":${reply}}\n\n`);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    /** Every request body in order. */
    asked,
    play(next: Script): void {
      current = next;
      asked.length = 0;
    },
    async stop(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function wireReply(act: Act, turn: number): object {
  const message = (content: object) => [
    { type: 'message', id: `msg_${turn}`, role: 'assistant', status: 'completed', content: [content] },
  ];
  const output =
    'call' in act
      ? act.call.map(({ name, args, raw }, i) => ({
          type: 'function_call',
          id: `fc_${turn}_${i}`,
          call_id: `call_${turn}_${i}`,
          name,
          arguments: raw ?? JSON.stringify(args ?? {}),
          status: 'completed',
        }))
      : 'refuse' in act
        ? message({ type: 'refusal', refusal: act.refuse })
        : message({ type: 'output_text', text: 'say' in act ? act.say : '', annotations: [] });
  return {
    id: `resp_${turn}`,
    object: 'response',
    created_at: 0,
    status: 'completed',
    model: 'scripted',
    error: null,
    output,
  };
}
