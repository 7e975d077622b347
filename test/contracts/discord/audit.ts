import type { RecordedRequest } from '../../../src/sandbox/discord/rest.ts';
import { createDiscordValidator } from './validator.ts';

const validator = createDiscordValidator();

/** One line for each problem of the calls that a server recorded: of what was asked, and of what it answered. */
export function auditRequests(requests: readonly RecordedRequest[]): string[] {
  return requests.flatMap((one) => {
    const asked = one.status < 400 ? validator.request(one.method, one.path, one.body) : [];
    const answered = validator.response(one.method, one.path, one.status, one.response);
    return [
      ...asked.map(({ where, message }) => `${one.route} asked ${where} ${message}`),
      ...answered.map(({ where, message }) => `${one.route} answered ${one.status} ${where} ${message}`),
    ];
  });
}
