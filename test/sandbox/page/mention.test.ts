import { expect, it } from 'vitest';
import { withMentions } from '../../../src/sandbox/page/client/mention.ts';

const people = [
  { id: '1', name: 'Ann' },
  { id: '2', name: 'Anna' },
  { id: '3', name: 'Trading Coach' },
];

it.each([
  ['@Trading Coach is the market open?', '<@3> is the market open?'],
  ['hey @trading coach, and @Anna', 'hey <@3>, and <@2>'],
  ['@Ann!', '<@1>!'],
  ['@Annabel and ann@example.com', '@Annabel and ann@example.com'],
  ['@everyone', '@everyone'],
])('%s is sent as %s', (line, sent) => {
  expect(withMentions(line, people)).toBe(sent);
});
