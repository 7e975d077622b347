import type { FastifyInstance } from 'fastify';
import type { Caller, CommandDefinition, Ctx, Invoke } from '../command.ts';
import { parametersOf, rawInput } from './query.ts';

export interface ApiDeps {
  readonly commands: readonly CommandDefinition[];
  readonly invoke: Invoke;
  readonly ctxFor: (caller: Caller) => Ctx;
}

/** Whoever holds the admin key may see what the owner sees. */
const HTTP_CALLER: Caller = { memberId: 'http', name: 'HTTP', tier: 'owner' };

/** One GET route per command that has one, and `/api`, which lists them. */
export function addApiRoutes(app: FastifyInstance, { commands, invoke, ctxFor }: ApiDeps): void {
  const routed = commands.flatMap((command) =>
    command.route === undefined ? [] : [{ command, path: command.route, parameters: parametersOf(command) }],
  );
  const routes = routed.map(({ command, path, parameters }) => ({ path, summary: command.summary, parameters }));

  app.get('/api', () => ({ routes }));
  for (const { command, path, parameters } of routed) {
    app.get<{ Querystring: Record<string, unknown> }>(path, async (request) => {
      const outcome = await invoke(command, ctxFor(HTTP_CALLER), rawInput(parameters, request.query));
      if (!outcome.ok) throw outcome.error;
      return outcome.output;
    });
  }
}
