import { ConfigError, loadDotEnv, readEnv } from './kit/env.ts';
import { AppError } from './kit/errors.ts';

const STOP_WITHIN_MS = 3_000;

try {
  const env = readEnv(loadDotEnv());
  // only now, so that a wrong setting is named before the house is loaded
  const { startApp } = await import('./app.ts');
  const app = await startApp(env);
  process.stdout.write(`${app.greeting}\n`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    // correctness never waits for this: a kill at any point is recovered from at the next start
    setTimeout(() => process.exit(0), STOP_WITHIN_MS).unref();
    void app.stop().finally(() => process.exit(0));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const fatal = await app.ended;
  process.stderr.write(`${fatal.message}\n`);
  await app.stop();
  process.exit(1);
} catch (err) {
  const expected = err instanceof ConfigError || err instanceof AppError;
  process.stderr.write(`${expected ? err.message : ((err as Error)?.stack ?? String(err))}\n`);
  process.exit(1);
}
