import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { z } from 'zod';

// One closing line that any machine can read, after vitest's own summary.
const REPORT = 'test-results/vitest.json';
const report = z.object({ numPassedTests: z.number(), numFailedTests: z.number(), numPendingTests: z.number() });

await rm(REPORT, { force: true });
const vitest = spawn(
  process.execPath,
  [
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${REPORT}`,
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit' },
);
const code = await new Promise<number>((done) => vitest.on('close', (status) => done(status ?? 1)));
const counts = report.safeParse(JSON.parse(await readFile(REPORT, 'utf8').catch(() => '{}')));
if (counts.success) {
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = counts.data;
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
}
process.exitCode = code;
