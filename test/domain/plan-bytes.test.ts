import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { planBytes } from './plan-bytes.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./plan-bytes.ts', import.meta.url));

test('the same inputs give the same bytes in other processes, time zones and locales', async () => {
  const here = planBytes();
  expect(here.inputs).toBeGreaterThanOrEqual(1_000);
  expect(here.plans).toBeGreaterThan(700);
  for (const [TZ, LANG] of [
    ['Asia/Kolkata', 'de_DE.UTF-8'],
    ['America/Los_Angeles', 'tr_TR.UTF-8'],
  ]) {
    const { stdout } = await run(process.execPath, [script], { env: { TZ, LANG, LC_ALL: LANG } });
    expect(JSON.parse(stdout)).toEqual(here);
  }
}, 120_000);
