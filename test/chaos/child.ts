import { setTimeout as wait } from 'node:timers/promises';
import { createBot } from './bot.ts';
import { createAuditor, openDatabase } from './database.ts';
import { createFaultPoints } from './fault-points.ts';
import { createMarket } from './market.ts';
import type { Report, Task } from './task.ts';

/** Real time between two looks whether all is told. */
const LOOK_MS = 40;

const report = (told: Report): void => void process.send?.(told);

/** Lives the task's plans from its start until everything of them is told, or until it is killed. */
async function live(task: Task): Promise<void> {
  const database = await openDatabase(task.store);
  const auditor = createAuditor(database);
  await auditor.endLeases();
  report({ kind: 'begun' });
  const points = createFaultPoints(task.death);
  const market = createMarket(task.bars, task.startAt);
  const bot = createBot(task, database, market, points);
  await bot.start();
  let tending: Promise<void> | undefined;
  let lookAt = 0;
  for (;;) {
    market.turn();
    report({ kind: 'at', at: market.clock.now() });
    // what failed is due again a minute later
    tending ??= bot
      .tend()
      .catch(() => {})
      .finally(() => {
        tending = undefined;
      });
    await wait(task.minuteMs);
    if (market.clock.now() < task.endsAt || Date.now() < lookAt) continue;
    lookAt = Date.now() + LOOK_MS;
    await tending;
    if (!(await auditor.isOver())) continue;
    report({ kind: 'told' });
    const ledger = await auditor.ledger(task.lives.map(({ plan }) => plan.planId));
    return report({ kind: 'over', points: points.passed(), ledger });
  }
}

process.on('disconnect', () => process.exit());
process.once('message', (task: Task) => {
  live(task).catch((err: unknown) =>
    report({ kind: 'failed', reason: err instanceof Error ? (err.stack ?? err.message) : String(err) }),
  );
});
report({ kind: 'warm' });
