import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKeptTime } from '../../src/sandbox/kept-time.ts';

const TEN = Date.UTC(2015, 11, 23, 15);
let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coach-kept-'));
  file = join(folder, 'deep', 'replay.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('where a replay stood', () => {
  it('is there after the end of the process', async () => {
    const stop = createKeptTime(file, '2015-12-23').keep(() => TEN);
    stop();
    expect(createKeptTime(file, '2015-12-23').read()).toBe(TEN);
    expect(await readdir(join(folder, 'deep'))).toEqual(['replay.json']);
  });

  it('says nothing of another replay', () => {
    createKeptTime(file, '2015-12-23').keep(() => TEN)();
    expect(createKeptTime(file, '2014-06-06').read()).toBeUndefined();
  });

  it.each(['', '{"session":"2015-12-23"', '{"session":"2015-12-23","marketAt":"ten"}', '[]'])(
    'is nowhere when the file holds %j',
    async (text) => {
      createKeptTime(file, '2015-12-23').keep(() => TEN)();
      await writeFile(file, text);
      expect(createKeptTime(file, '2015-12-23').read()).toBeUndefined();
    },
  );

  it('is nowhere before the first replay', () => {
    expect(createKeptTime(file, '2015-12-23').read()).toBeUndefined();
  });
});
