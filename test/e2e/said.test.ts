import { expect, it } from 'vitest';
import type { RecordedRequest } from '../../src/sandbox/discord/rest.ts';
import { auditSaid } from './said.ts';

const sent = (content: string, more: object = {}): RecordedRequest => ({
  method: 'POST',
  path: '/channels/1/messages',
  route: 'POST /channels/:channel/messages',
  status: 200,
  body: { content, allowed_mentions: { parse: [] }, ...more },
  response: undefined,
  files: [],
  at: 0,
});

const lacks = (request: RecordedRequest): string[] =>
  auditSaid([request]).flatMap((line) => /lacks (.*?):/.exec(line)?.[1] ?? []);

it.each([
  ['GOOG $749.37', ['an as-of']],
  ['GOOG $749.37 as of 10:12:00 ET', []],
  ['plan 7f3a9c', ['the disclaimer']],
  ['### Coach\nBreadth is broad. as of 10:12:00 ET', ['the disclaimer']],
  ['### Coach\nBreadth is broad. as of 10:12:00 ET Education, not financial advice.', []],
  ['### Your risk\nAccount $10,000.00', []],
])('a message that says %j lacks %j', (content, expected) => {
  expect(lacks(sent(content))).toEqual(expected);
});

it.each([{ allowed_mentions: undefined }, { allowed_mentions: {} }, { allowed_mentions: { parse: ['everyone'] } }])(
  'a message with %j could ping',
  (more) => {
    expect(lacks(sent('hello', more))).toEqual(['explicit mentions of members only']);
  },
);
