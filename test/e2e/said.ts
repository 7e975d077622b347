import type { APIMessage } from 'discord-api-types/v10';
import type { RecordedRequest } from '../../src/sandbox/discord/rest.ts';
import { auditRequests } from '../contracts/discord/audit.ts';
import { textOf } from './text-of.ts';

/** A price, a percentage or a multiple of R: what a reader could trade on. */
const MARKET_NUMBER = /\$\d|\b\d+\.\d{2}\b|[+-]\d+\.\d (?:%|R)/;
const STAMP = /as of \d{2}:\d{2}:\d{2} ET/;
const DISCLAIMER = 'Education, not financial advice.';
/** What the member typed, their own account, and where numbers came from: each of these says so in its title. */
const NOT_OF_THE_MARKET = /^(?:### )?(?:Question|Your risk|Sources|✓ Equal|Watchlist|Your last plans|Nothing found)/m;
/** Plans, steps of trades and what the coach says. */
const ADVICE = /\bplan [0-9a-f]{6}\b|\btrade [0-9a-f]{6}\b|\balert [0-9a-f]{8}\b.*(?:Triggered|T\d hit)|^### Coach$/m;
/** The one line that stands there while the coach reads. */
const PROGRESS = /^### Coach\n(?:Reading|-# )/m;

const MESSAGES = '/channels/:channel/messages';
const HOOK = '/webhooks/:webhook/:token';
const SAYING = new Set([
  `POST ${MESSAGES}`,
  `PATCH ${MESSAGES}/:message`,
  `POST ${HOOK}`,
  `PATCH ${HOOK}/messages/:message`,
]);

/** One line for each message of the bot that Discord's file, its extra limits or our own cards' rules would refuse. */
export function auditSaid(requests: readonly RecordedRequest[]): string[] {
  const said = requests.filter(
    ({ method, route, status }) => SAYING.has(`${method} ${route.split(' ')[1]}`) && status < 300,
  );
  return [
    ...auditRequests(requests),
    ...said.flatMap(({ route, body }) => {
      const message = { content: '', embeds: [], components: [], ...(body as object) } as unknown as APIMessage;
      const text = textOf(message);
      const wants = [
        ...(MARKET_NUMBER.test(text) && !NOT_OF_THE_MARKET.test(text) && !STAMP.test(text) ? ['an as-of'] : []),
        ...(ADVICE.test(text) && !NOT_OF_THE_MARKET.test(text) && !PROGRESS.test(text) && !text.includes(DISCLAIMER)
          ? ['the disclaimer']
          : []),
        ...(pingsOf(body) ? ['explicit mentions of members only'] : []),
      ];
      return wants.map((want) => `${route} lacks ${want}: ${text.slice(0, 300)}`);
    }),
  ];
}

/** Whether a message could ping anybody but named members. */
function pingsOf(body: unknown): boolean {
  const { allowed_mentions: allowed } = body as { allowed_mentions?: { parse?: unknown[]; roles?: unknown[] } };
  return !allowed || (allowed.parse?.length ?? 1) > 0 || (allowed.roles?.length ?? 0) > 0;
}
