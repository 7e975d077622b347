import { describe, expect, it } from 'vitest';
import { nextPath } from '../../src/massive/next-url.ts';

const ORIGIN = 'https://api.massive.com';
const follow = (url: string, visited: readonly string[] = []): string =>
  nextPath(url, ORIGIN, new Set(visited), 'news');

describe('the address of the next page', () => {
  it('is the same host with its standard port written out', () => {
    expect(follow('https://api.massive.com:443/v2/reference/news?cursor=eyJsaW1pdCI6MX0%3D')).toBe(
      '/v2/reference/news?cursor=eyJsaW1pdCI6MX0%3D',
    );
  });

  it.each([
    'https://api.massive.com.evil.example/v2',
    'https://evil.example/?https://api.massive.com',
    'https://api.massive.com@evil.example/v2',
    'https://user@api.massive.com/v2',
    'http://api.massive.com/v2',
    'https://api.massive.com:8443/v2',
    'https://169.254.169.254/latest',
    '//evil.example/v2',
    '/v2/relative',
    'javascript:alert(1)',
    '',
  ])('is refused when it is %s', (url) => {
    expect(() => follow(url)).toThrow(/not followed/);
  });

  it('is refused when it was fetched before, also with a key added to it', () => {
    expect(() => follow(`${ORIGIN}/a?b=1`, ['/a?b=1'])).toThrow(/fetched already/);
    expect(() => follow(`${ORIGIN}/a?b=1&apiKey=k`, ['/a?b=1'])).toThrow(/fetched already/);
  });
});
