const DISCORD_EPOCH_AT = 1_420_070_400_000;
const FIXED_FROM_AT = Date.UTC(2026, 0, 5, 14, 30);

const atInstant = (at: number, low: bigint): bigint => (BigInt(at - DISCORD_EPOCH_AT) << 22n) | low;

/** The same id in every run, for what every sandbox has: its guild, channels, roles and people. */
export function fixedId(n: number): string {
  return atInstant(FIXED_FROM_AT + n * 1000, BigInt(n)).toString();
}

/** Epoch ms at which an id was made. */
export function snowflakeAt(id: string): number {
  return Number(BigInt(id) >> 22n) + DISCORD_EPOCH_AT;
}

/** Whether a text is shaped like an id. */
export function isSnowflake(text: unknown): text is string {
  return typeof text === 'string' && /^\d{15,20}$/.test(text);
}

/** The source of new ids. */
export interface Snowflakes {
  next(): string;
  /** Later ids are larger than this one, also when the clock went back. */
  after(id: string): void;
}

/** Ids that only rise, each telling its own time: discord.js sorts, dates and sweeps by them. */
export function createSnowflakes(now: () => number): Snowflakes {
  let last = 0n;
  return {
    next() {
      const id = atInstant(now(), 0n);
      last = id > last ? id : last + 1n;
      return last.toString();
    },
    after(id) {
      const value = BigInt(id);
      if (value > last) last = value;
    },
  };
}
