import { openArena } from './arena.ts';
import { caught, isExact, type Line, tableOf } from './line.ts';
import { deaths, randomKills } from './play.ts';
import { createProcesses } from './processes.ts';
import type { Design } from './task.ts';

/** `npm run chaos:kill`: the whole experiment; about twenty minutes on two cores. */
const KILLS = 100;
const OWN_DATABASE_KILLS = 24;
const WRONG_KILLS = 60;
const WINDOWS = ['open', 'expired'] as const;
/** Each with the window in which it fails. */
const WRONG: readonly (readonly [Design, (typeof WINDOWS)[number]])[] = [
  ['post, mark', 'open'],
  ['mark, post', 'open'],
  ['outbox, no nonce, no look', 'open'],
  ['outbox, nonce, no look', 'expired'],
];

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const arena = await openArena();
const processes = createProcesses();
const on = { arena, processes };
const house: Line[] = [];
const wrong: Line[] = [];
let seed = Number(process.argv[2] ?? Date.now() % 1_000_000);
say(`seed ${seed}: the first argument repeats it`);
try {
  const add = async (lines: Line[], line: Promise<Line>): Promise<void> => {
    lines.push(await line);
    say(
      tableOf([...house, ...wrong])
        .split('\n')
        .at(-1) ?? '',
    );
  };
  for (const window of WINDOWS) {
    await add(house, randomKills(on, { design: 'house', window, store: 'hosted', kills: KILLS, seed: seed++ }));
  }
  await add(
    house,
    randomKills(on, { design: 'house', window: 'expired', store: 'embedded', kills: OWN_DATABASE_KILLS, seed: seed++ }),
  );
  for (const window of WINDOWS) {
    await add(house, deaths(on, { design: 'house', window, store: 'hosted', of: 'calls', every: 1 }));
  }
  for (const [design, window] of WRONG) {
    await add(wrong, randomKills(on, { design, window, store: 'hosted', kills: WRONG_KILLS, seed: seed++ }));
    await add(wrong, deaths(on, { design, window, store: 'hosted', of: 'messages', every: 1, last: 8 }));
  }
} finally {
  processes.stop();
  await arena.stop();
}
say(tableOf([...house, ...wrong]));
for (const { wrong: words } of house) for (const line of words) say(line);
const missed = WRONG.filter(([design]) => !caught(wrong.filter((line) => line.design === design)));
for (const [design] of missed) say(`not caught: ${design}`);
process.exitCode = house.every(isExact) && missed.length === 0 ? 0 : 1;
