/** A piece of work to be measured. */
export type Work = () => unknown;

// the engine might leave out work whose result nobody holds
const held: { result?: unknown } = {};

/** Milliseconds of this thread's CPU that `calls` calls take. */
function spent(work: Work, calls: number): number {
  const before = process.threadCpuUsage();
  for (let call = 0; call < calls; call += 1) held.result = work();
  return threadMs(before);
}

/** Milliseconds of this thread's CPU since `before`; many systems count in steps of 4 ms. */
export function threadMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

// far above the step in which the system counts CPU time
const SAMPLE_MS = 120;

/** How often to call it for one sample, judged after `warmUp` calls. */
function callsFor(work: Work, warmUp: number): number {
  // many calls and not few long ones: the engine optimises by the number of calls
  for (let call = 0; call < warmUp; call += 1) held.result = work();
  const startedAt = performance.now();
  for (let call = 0; call < warmUp; call += 1) held.result = work();
  return Math.max(1, Math.ceil((SAMPLE_MS * warmUp) / (performance.now() - startedAt)));
}

/** Main-thread CPU milliseconds of one call of each kind of work, in turns (A B C, A B C), so that a busy spell hits all. */
export function inTurns<K extends string>(
  works: Readonly<Record<K, Work>>,
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
): Record<K, number[]> {
  const names = Object.keys(works) as K[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  const plan = names.map((name) => ({ name, work: works[name], calls: callsFor(works[name], warmUp) }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, work, calls } of plan) samples[name].push(spent(work, calls) / calls);
  }
  return samples;
}
