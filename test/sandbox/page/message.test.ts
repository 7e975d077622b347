import type { APIMessage } from 'discord-api-types/v10';
import { expect, test } from 'vitest';
import { isGrouped } from '../../../src/sandbox/page/client/message.ts';
import { localUrl } from '../../../src/sandbox/page/client/wire.ts';
import { BOT, GENERAL, PEOPLE, usedBy, wireMessage } from './fake-world.ts';

const message = (parts: Record<string, unknown> = {}, author: string = BOT.id): APIMessage =>
  wireMessage(GENERAL, author, parts) as unknown as APIMessage;

test('messages of one author within seven minutes share a head; replies, answers and private ones have their own', () => {
  const first = message({ timestamp: '2026-11-20T15:30:00Z' });
  const soon = { timestamp: '2026-11-20T15:36:59Z' };
  expect(isGrouped(message(soon), first)).toBe(true);
  expect(isGrouped(message(soon), undefined)).toBe(false);
  expect(isGrouped(message({ timestamp: '2026-11-20T15:37:00Z' }), first)).toBe(false);
  expect(isGrouped(message(soon, PEOPLE[0].id), first)).toBe(false);
  expect(isGrouped(message({ ...soon, type: 19 }), first)).toBe(false);
  expect(isGrouped(message({ ...soon, flags: 64 }), first)).toBe(false);
  expect(isGrouped(message({ ...soon, ...usedBy(PEOPLE[0].id, 'price') }), first)).toBe(false);
});

test('a chart on this machine is loaded, a picture elsewhere is not', () => {
  const here = { host: '127.0.0.1:4040', href: 'http://127.0.0.1:4040/#5' };
  expect(localUrl('http://127.0.0.1:4040/attachments/1/2/c.png?x=1', here)).toBe('/attachments/1/2/c.png?x=1');
  expect(localUrl('http://localhost:4040/attachments/1/2/c.png', here)).toBe('/attachments/1/2/c.png');
  expect(localUrl('http://127.0.0.1:5050/c.png', here)).toBe('http://127.0.0.1:5050/c.png');
  expect(localUrl('https://a.example/c.png', here)).toBeUndefined();
  expect(localUrl('http://127.0.0.1.a.example/c.png', here)).toBeUndefined();
  expect(localUrl('data:text/html,x', here)).toBeUndefined();
  expect(localUrl('javascript:alert(1)', here)).toBeUndefined();
});
