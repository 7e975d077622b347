import { startEmbedded } from '../../src/store/embedded/embedded.ts';
import { createStore } from '../../src/store/store.ts';

// Run as a process of its own that is killed: says the number of each write once it is acknowledged.
const silent = { info() {}, warn() {}, error() {} };
const embedded = await startEmbedded({ dataDir: String(process.argv[2]), log: silent });
const { snapshots } = createStore({ ...embedded, log: silent }).system;
let i = 0;
while ((await snapshots.load(`write ${i}`)) !== undefined) i += 1;
for (; ; i++) {
  await snapshots.save(`write ${i}`, i, { i });
  process.stdout.write(`${i}\n`);
}
