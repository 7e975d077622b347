import type { InvokeRecord } from '../command.ts';
import type { Log } from '../kit/log.ts';
import type { Metrics } from '../kit/metrics.ts';

/** Tells log and metrics of every finished command. */
export function createRecord(metrics: Metrics, log: Log): (entry: InvokeRecord) => void {
  const seconds = metrics.histogram('command_seconds', 'Time of one command.', ['command', 'outcome']);
  return ({ command, memberId, outcome, tookMs, err }) => {
    seconds.observe({ command, outcome }, tookMs / 1000);
    const entry = { command, memberId, outcome, tookMs: Math.round(tookMs) };
    if (err === undefined) log.info(entry, 'command done');
    else log.error({ ...entry, err }, 'command failed');
  };
}
