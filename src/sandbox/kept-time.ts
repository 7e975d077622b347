import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const EVERY_MS = 1_000;
const keptSchema = z.object({ session: z.string(), marketAt: z.number() });

/** Where the replay stood when the process ended, however it ended: a market does not begin its day again because a bot does. */
export interface KeptTime {
  /** Undefined for another replay, or where nothing readable was kept. */
  read(): number | undefined;
  /** Writes the market's time every second; the returned function writes it once more and ends that. */
  keep(now: () => number): () => void;
}

export function createKeptTime(file: string, session: string): KeptTime {
  const write = (marketAt: number): void => {
    mkdirSync(dirname(file), { recursive: true });
    // a kill in the middle leaves the one before
    writeFileSync(`${file}.new`, JSON.stringify({ session, marketAt }));
    renameSync(`${file}.new`, file);
  };
  return {
    read() {
      try {
        const kept = keptSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
        return kept.session === session ? kept.marketAt : undefined;
      } catch {
        return undefined;
      }
    },
    keep(now) {
      let written: number | undefined;
      const save = (): void => {
        const marketAt = now();
        if (marketAt === written) return;
        write(marketAt);
        written = marketAt;
      };
      const timer = setInterval(save, EVERY_MS);
      timer.unref();
      return () => {
        clearInterval(timer);
        save();
      };
    },
  };
}
