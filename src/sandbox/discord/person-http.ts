import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '../../kit/errors.ts';
import type { PersonSide } from './person.ts';
import type { SlashOption } from './person-api.ts';
import { PEOPLE } from './seed.ts';

const KEEP_ALIVE_MS = 15_000;
const LARGEST_ASK = 64 * 1024;

const id = z.string().max(64);
const nonce = z.string().max(100);
const option: z.ZodType<SlashOption> = z.lazy(() =>
  z.object({
    name: z.string().max(32),
    value: z.union([z.string().max(6000), z.number(), z.boolean()]).optional(),
    options: z.array(option).max(25).optional(),
  }),
) as z.ZodType<SlashOption>;
const options = z.array(option).max(25);
const at = { as: id, channelId: id };
const on = { ...at, messageId: id, customId: z.string().max(100), nonce };

const asks = {
  '/sandbox/say': z.object({ ...at, content: z.string().max(10_000) }),
  '/sandbox/slash': z.object({ ...at, nonce, command: z.string().max(32), options }),
  '/sandbox/autocomplete': z.object({ ...at, command: z.string().max(32), options, focused: z.string().max(32) }),
  '/sandbox/press': z.object(on),
  '/sandbox/select': z.object({ ...on, values: z.array(z.string().max(100)).max(25) }),
  '/sandbox/modal': z.object({
    as: id,
    modalId: id,
    values: z.record(z.string().max(100), z.string().max(4000)),
    nonce,
  }),
  '/sandbox/market': z.union([
    z.object({ action: z.literal('speed'), speed: z.number().min(1).max(600) }),
    z.object({ action: z.enum(['pause', 'resume', 'next_open', 'next_close']) }),
  ]),
  '/sandbox/fault': z.object({ key: z.string().max(64), on: z.boolean() }),
};

function read<S extends z.ZodType>(schema: S, body: unknown): z.infer<S> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('invalid_input', `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'not readable'}.`);
}

const jsonOf = (request: FastifyRequest): unknown => {
  if (!request.headers['content-type']?.startsWith('application/json'))
    throw new AppError('invalid_input', 'The content type is not JSON, need application/json.');
  try {
    return JSON.parse((request.body as Buffer | undefined)?.toString('utf8') ?? '') as unknown;
  } catch {
    throw new AppError('invalid_input', 'The body is not JSON.');
  }
};

function stream(person: PersonSide, as: string, request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = reply;
  const open = (): void => {
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    raw.write('retry: 1000\n\n');
  };
  const end = person.listen(as, (event) => raw.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`));
  reply.hijack();
  open();
  const beat = setInterval(() => raw.write(': still here\n\n'), KEEP_ALIVE_MS).unref();
  request.raw.on('close', () => {
    clearInterval(beat);
    end();
  });
}

/** Hangs the people's API into the server, as `person-api.ts` describes it. */
export function mountPerson(app: FastifyInstance, person: PersonSide): void {
  const answer =
    (act: (request: FastifyRequest) => unknown) =>
    async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
      try {
        return await reply.send((await act(request)) ?? { ok: true });
      } catch (err) {
        if (!(err instanceof AppError)) throw err;
        return reply.code(err.status).send({ error: err.message });
      }
    };
  const as = (request: FastifyRequest): string => (request.query as { as?: string }).as ?? '';
  const ask = <S extends z.ZodType>(path: string, schema: S, act: (asked: z.infer<S>) => unknown): void => {
    app.post(
      path,
      { bodyLimit: LARGEST_ASK },
      answer((request) => act(read(schema, jsonOf(request)))),
    );
  };

  app.get(
    '/sandbox/state',
    answer((request) => person.state(as(request) || PEOPLE.owner)),
  );
  app.get(
    '/sandbox/channels/:id/messages',
    answer((request) => person.messages(as(request), (request.params as { id: string }).id)),
  );
  app.get('/sandbox/events', (request, reply) => {
    try {
      stream(person, as(request), request, reply);
    } catch (err) {
      if (!(err instanceof AppError)) throw err;
      void reply.code(err.status).send({ error: err.message });
    }
  });
  ask('/sandbox/say', asks['/sandbox/say'], (asked) => person.say(asked));
  ask('/sandbox/slash', asks['/sandbox/slash'], (asked) => person.slash(asked));
  ask('/sandbox/autocomplete', asks['/sandbox/autocomplete'], (asked) => person.autocomplete(asked));
  ask('/sandbox/press', asks['/sandbox/press'], (asked) => person.press(asked));
  ask('/sandbox/select', asks['/sandbox/select'], (asked) => person.select(asked));
  ask('/sandbox/modal', asks['/sandbox/modal'], (asked) => person.submitModal(asked));
  ask('/sandbox/market', asks['/sandbox/market'], (asked) => person.market(asked));
  ask('/sandbox/fault', asks['/sandbox/fault'], (asked) => person.fault(asked));
}
