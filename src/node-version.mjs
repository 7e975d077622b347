// Loaded before everything else, so it must parse on any Node: TypeScript files need 24 to run at all.
import module from 'node:module';

const NEEDED = 24;
const found = process.versions.node;
if (Number(found.split('.')[0]) < NEEDED) {
  process.stderr.write(
    `Node ${found} was found, Node ${NEEDED} or newer is needed. Run it as "npm start" after "npm ci" (on Linux and Windows that brings Node ${NEEDED} along), or install Node ${NEEDED}.\n`,
  );
  process.exit(1);
}
module.enableCompileCache?.();
