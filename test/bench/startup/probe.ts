/** How the process under test says what it has used; loaded before its program, which knows nothing of it. */
export interface Use {
  readonly rssMb: number;
  readonly peakRssMb: number;
  readonly cpuMs: number;
}

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  const use: Use = {
    rssMb: process.memoryUsage.rss() / 2 ** 20,
    // kilobytes on every system, Node sees to that
    peakRssMb: process.resourceUsage().maxRSS / 1_024,
    cpuMs: (user + system) / 1_000,
  };
  process.send?.(use);
});
process.on('disconnect', () => process.exit());
process.channel?.unref();
