import { describe, expect, it } from 'vitest';
import { createDiscordValidator } from './validator.ts';

const validator = createDiscordValidator();
const POST = '/api/v10/channels/1460000000000000001/messages';
const post = (body: unknown): string[] => validator.request('POST', POST, body).map((one) => one.where);
const put = (body: unknown): string[] =>
  validator.request('PUT', '/applications/1460000000000000001/commands', body).map((one) => one.where);

const row = (...components: unknown[]) => ({ type: 1, components });
const button = (id: string) => ({ type: 2, style: 2, label: 'Why?', custom_id: id });
const V2 = 1 << 15;

describe('a payload that Discord takes has no problem', () => {
  it.each([
    ['a plain message', { content: 'SPY 512.10', allowed_mentions: { parse: [] }, nonce: 'a1', enforce_nonce: true }],
    [
      'an embed',
      { embeds: [{ title: 'SPY', color: 1_096_065, fields: [{ name: 'Last', value: '512.10', inline: true }] }] },
    ],
    ['buttons', { content: 'x', components: [row(button('a'), button('b'))] }],
    [
      'a container',
      { flags: V2, components: [{ type: 17, accent_color: 1, components: [{ type: 10, content: '**SPY**' }] }] },
    ],
  ])('%s', (_name, body) => {
    expect(validator.request('POST', POST, body)).toEqual([]);
  });

  it('a command with permission bits as a string', () => {
    const command = {
      name: 'ops',
      description: 'Health',
      default_member_permissions: '32',
      contexts: [0],
      integration_types: [0],
    };
    expect(put([command])).toEqual([]);
  });
});

describe('each kind of bad payload is caught at its place', () => {
  it.each([
    ['content over 2000', { content: 'x'.repeat(2001) }, '/content'],
    ['content of a wrong type', { content: 5 }, '/content'],
    ['a title over 256', { embeds: [{ title: 'x'.repeat(257) }] }, '/embeds/0/title'],
    [
      '26 fields',
      { embeds: [{ fields: Array.from({ length: 26 }, () => ({ name: 'a', value: 'b' })) }] },
      '/embeds/0/fields',
    ],
    ['an empty field value', { embeds: [{ fields: [{ name: 'a', value: ' ' }] }] }, '/embeds/0/fields/0/value'],
    [
      'embeds of over 6000 in all',
      { embeds: [{ description: 'x'.repeat(4000) }, { description: 'x'.repeat(2001) }] },
      '/embeds',
    ],
    ['eleven embeds', { embeds: Array.from({ length: 11 }, () => ({ title: 'x' })) }, '/embeds'],
    ['a misspelt name', { content: 'x', alowed_mentions: { parse: [] } }, '/alowed_mentions'],
    ['a misspelt name inside an embed', { embeds: [{ titel: 'x' }] }, '/embeds/0/titel'],
    [
      'a misspelt name on a button',
      { components: [row({ ...button('a'), lable: 'x' })] },
      '/components/0/components/0/lable',
    ],
    [
      'six buttons in a row',
      { components: [row(...['a', 'b', 'c', 'd', 'e', 'f'].map(button))] },
      '/components/0/components',
    ],
    [
      'a label over 80',
      { components: [row({ ...button('a'), label: 'x'.repeat(81) })] },
      '/components/0/components/0/label',
    ],
    ['a custom id over 100', { components: [row(button('x'.repeat(101)))] }, '/components/0/components/0/custom_id'],
    [
      'the same custom id twice',
      { components: [row(button('a'), button('a'))] },
      '/components/0/components/1/custom_id',
    ],
    ['v2 with content', { flags: V2, content: 'x', components: [{ type: 10, content: 'x' }] }, '/content'],
    ['v2 with embeds', { flags: V2, embeds: [{ title: 'x' }], components: [{ type: 10, content: 'x' }] }, '/embeds'],
    [
      'v2 text over 4000',
      { flags: V2, components: [1, 2].map(() => ({ type: 10, content: 'x'.repeat(2001) })) },
      '/components',
    ],
    [
      '41 components',
      { flags: V2, components: [{ type: 17, components: Array.from({ length: 40 }, () => ({ type: 14 })) }] },
      '/components',
    ],
    [
      'a section without accessory',
      { flags: V2, components: [{ type: 9, components: [{ type: 10, content: 'x' }] }] },
      '/components/0',
    ],
    ['a nonce over 25', { content: 'x', nonce: 'x'.repeat(26) }, '/nonce'],
  ])('%s', (_name, body, where) => {
    expect(post(body)).toContain(where);
  });

  it.each([
    ['an upper-case command name', { name: 'Price', description: 'x' }, '/0/name'],
    ['a name with a blank', { name: 'my price', description: 'x' }, '/0/name'],
    ['a long description', { name: 'price', description: 'x'.repeat(101) }, '/0/description'],
    [
      '26 choices',
      {
        name: 'price',
        description: 'x',
        options: [
          {
            type: 3,
            name: 's',
            description: 'x',
            choices: Array.from({ length: 26 }, (_, n) => ({ name: `${n}`, value: `${n}` })),
          },
        ],
      },
      '/0/options/0/choices',
    ],
  ])('%s', (_name, command, where) => {
    expect(put([command])).toContain(where);
  });

  it('101 slash commands', () => {
    expect(put(Array.from({ length: 101 }, (_, n) => ({ name: `c${n}`, description: 'x' })))).toContain('');
  });

  it('a modal title over 45 and a thread name over 100', () => {
    const modal = { type: 9, data: { custom_id: 'm', title: 'x'.repeat(46), components: [] } };
    expect(validator.request('POST', '/interactions/1/t/callback', modal)).not.toEqual([]);
    expect(validator.request('POST', '/channels/1/threads', { name: 'x'.repeat(101), type: 11 })).not.toEqual([]);
  });

  it('an answer without a field that Discord always sends', () => {
    expect(validator.response('GET', '/users/123', 200, { id: '123' })).not.toEqual([]);
  });

  it('a route that Discord does not have', () => {
    expect(validator.request('POST', '/channels/1/pins/2/3', {})).not.toEqual([]);
  });
});
