import { cpus, loadavg, totalmem } from 'node:os';

/** What the figures were measured on. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly platform: string;
  /** Processes that wanted to run, mean of the last minute. */
  readonly load: number;
}

export function thisMachine(): Machine {
  const all = cpus();
  return {
    cores: all.length,
    cpu: all[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    load: Number((loadavg()[0] ?? 0).toFixed(1)),
  };
}

/** The machine before and after, in one line: a load above the cores makes every wall time too long. */
export function headLine(before: Machine, after: Machine): string {
  const { cores, cpu, memoryGb, node, platform } = before;
  return `${cores} cores (${cpu}), ${memoryGb} GB, ${platform}, Node ${node}, load ${before.load} at the start and ${after.load} at the end`;
}
