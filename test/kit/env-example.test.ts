import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readEnv } from '../../src/kit/env.ts';
import { VARIABLE_NAMES } from '../../src/kit/env-variables.ts';

const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
const example = parseEnv(text);

describe('.env.example', () => {
  it('names every setting, and nothing that is not one', () => {
    expect(Object.keys(example).sort()).toEqual([...VARIABLE_NAMES].sort());
  });

  it('copied as it is runs the sandbox', () => {
    expect(readEnv(example)).toEqual(readEnv({}));
  });

  it('explains each setting in the line above it', () => {
    const lines = text.split('\n');
    const bare = lines.filter((line, index) => /^[A-Z_]+=/.test(line) && !lines[index - 1]?.startsWith('# '));
    expect(bare).toEqual([]);
  });

  it('states the defaults that hold', () => {
    const env = readEnv({ MASSIVE_API_KEY: 'any-key-at-all', OPENAI_API_KEY: 'any-key-at-all' });
    const { massive, http, sandbox, model } = env;
    const defaults = [massive?.baseUrl, massive?.wsBase, http.port, http.host, http.bodyLimitBytes];
    for (const value of [
      ...defaults,
      model?.baseUrl,
      model?.model,
      sandbox.port,
      sandbox.speed,
      sandbox.session,
      env.dataDir,
      env.logLevel,
    ]) {
      expect(text).toContain(`${value}`);
    }
  });
});
