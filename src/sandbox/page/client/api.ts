import type { APIMessage } from 'discord-api-types/v10';
import type { PersonRequests, PersonState } from '../../discord/person-api.ts';

/** The sandbox said no, or is not there; the message is a sentence for the reader. */
export class Refused extends Error {}

async function answer(response: Response): Promise<unknown> {
  const text = await response.text();
  let body: unknown;
  try {
    body = text ? JSON.parse(text) : undefined;
  } catch {
    body = undefined;
  }
  if (response.ok) return body;
  const told = body && typeof body === 'object' && 'error' in body ? String(body.error) : undefined;
  throw new Refused(told ?? `The sandbox answered ${response.status}.`);
}

async function call(path: string, init?: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Refused('The sandbox does not answer. Is it still running?');
  }
  return answer(response);
}

/** Does one thing as a person. Throws `Refused` with the sandbox's sentence. */
export function post<P extends keyof PersonRequests>(path: P, body: PersonRequests[P]): Promise<unknown> {
  return call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** What `as` can see; without a name, what the first user can see. */
export async function fetchState(as: string): Promise<PersonState> {
  return (await call(`/sandbox/state?as=${encodeURIComponent(as)}`)) as PersonState;
}

/** Messages of one channel, oldest first. */
export async function fetchMessages(channelId: string, as: string): Promise<APIMessage[]> {
  const path = `/sandbox/channels/${encodeURIComponent(channelId)}/messages?as=${encodeURIComponent(as)}`;
  return (await call(path)) as APIMessage[];
}
