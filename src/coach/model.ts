import OpenAI from 'openai';
import type { Response, ResponseInputItem } from 'openai/resources/responses/responses.js';
import type { Tool } from './tools.ts';
import type { Fault } from './turn.ts';

export interface ModelCall {
  readonly callId: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}

export type ModelItem =
  | { readonly kind: 'said'; readonly by: 'member' | 'coach' | 'house'; readonly text: string }
  | { readonly kind: 'call'; readonly call: ModelCall }
  | { readonly kind: 'result'; readonly callId: string; readonly json: string };

interface ModelRequest {
  readonly instructions: string;
  readonly items: readonly ModelItem[];
  readonly tools: readonly Pick<Tool, 'name' | 'description' | 'parameters'>[];
  /** The answer must come now, without another call. */
  readonly mustAnswer: boolean;
}

type ModelReply =
  | { readonly ok: true; readonly text: string; readonly calls: readonly ModelCall[] }
  | { readonly ok: false; readonly fault: Fault; readonly err?: unknown };

export interface Model {
  /** Never rejects. */
  ask(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>;
}

const LONGEST_ANSWER_TOKENS = 2_000;

/** A model behind any server that speaks OpenAI's Responses API; nothing is kept there, nothing is tried twice. */
export function createModel(options: {
  apiKey: string;
  baseUrl: string;
  model: string;
  /** The answer in pieces, for servers that have nothing else. */
  stream?: boolean;
  requestMs: number;
}): Model {
  const { apiKey, baseUrl, model, stream = false, requestMs } = options;
  const client = new OpenAI({
    apiKey,
    baseURL: baseUrl,
    // else the package takes them from the environment
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: requestMs,
  });
  return {
    async ask(request, signal) {
      const body = {
        model,
        instructions: request.instructions,
        input: request.items.map(wireItem),
        tools: request.tools.map(({ name, description, parameters }) => ({
          type: 'function' as const,
          name,
          description,
          parameters: { ...parameters },
          strict: true,
        })),
        tool_choice: request.mustAnswer ? ('none' as const) : ('auto' as const),
        parallel_tool_calls: true,
        max_output_tokens: LONGEST_ANSWER_TOKENS,
        store: false,
      };
      try {
        if (!stream) return replyOf(await client.responses.create(body, { signal }));
        const events = await client.responses.create({ ...body, stream: true }, { signal });
        for await (const event of events) {
          if (event.type === 'response.completed' || event.type === 'response.incomplete')
            return replyOf(event.response);
          if (event.type === 'response.failed' || event.type === 'error') return { ok: false, fault: 'server_error' };
        }
        return { ok: false, fault: signal.aborted ? 'timeout' : 'garbage' };
      } catch (err) {
        return { ok: false, fault: signal.aborted ? 'timeout' : faultOf(err), err };
      }
    },
  };
}

/** What a server that is only nearly compatible sends is not what the types say. */
function replyOf(response: Partial<Response>): ModelReply {
  if (typeof response !== 'object' || response === null || !Array.isArray(response.output)) {
    return { ok: false, fault: 'garbage' };
  }
  if (response.status === 'failed' || response.error) return { ok: false, fault: 'server_error' };
  const calls: ModelCall[] = [];
  let text = '';
  for (const item of response.output) {
    if (item?.type === 'function_call') {
      if (typeof item.call_id !== 'string' || typeof item.name !== 'string') return { ok: false, fault: 'garbage' };
      const written = typeof item.arguments === 'string' ? item.arguments : JSON.stringify(item.arguments ?? {});
      calls.push({ callId: item.call_id, name: item.name, arguments: written });
    } else if (item?.type === 'message') {
      for (const part of Array.isArray(item.content) ? item.content : []) {
        if (part?.type === 'refusal') return { ok: false, fault: 'refusal' };
        if (part?.type === 'output_text' && typeof part.text === 'string') text += part.text;
      }
    }
  }
  if (calls.length === 0 && text.trim() === '') return { ok: false, fault: 'empty' };
  return { ok: true, text, calls };
}

function faultOf(err: unknown): Fault {
  if (err instanceof OpenAI.APIConnectionTimeoutError) return 'timeout';
  if (err instanceof OpenAI.APIConnectionError) return 'network';
  if (err instanceof OpenAI.APIError && typeof err.status === 'number') {
    if (err.status === 401 || err.status === 403) return 'unauthorized';
    if (err.status === 429) return 'rate_limited';
    return err.status >= 500 ? 'server_error' : 'bad_request';
  }
  return 'garbage';
}

function wireItem(item: ModelItem): ResponseInputItem {
  if (item.kind === 'call') {
    const { callId, name, arguments: json } = item.call;
    return { type: 'function_call', call_id: callId, name, arguments: json };
  }
  if (item.kind === 'result') return { type: 'function_call_output', call_id: item.callId, output: item.json };
  const role = { member: 'user', coach: 'assistant', house: 'developer' } as const;
  return { role: role[item.by], content: item.text };
}
