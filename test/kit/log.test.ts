import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLog, type Log, type LogLevel } from '../../src/kit/log.ts';
import { createScrubber } from '../../src/kit/scrub.ts';

/** Needs escaping in JSON, in URLs and in forms, and has characters that base64url writes differently. */
const CANARY = 'c4n4ry/"key"+with\\odd?>~chars & ünï';

function writing(secrets: readonly string[], level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLog({ level, secrets, destination: { write: (line) => void lines.push(line) } });
  return { log, lines };
}

/** Everything that a secret turns into on its way to a log; none of it may be read there. */
const TRACES = [
  CANARY,
  JSON.stringify(CANARY).slice(1, -1),
  encodeURIComponent(CANARY),
  Buffer.from(CANARY).toString('base64'),
  Buffer.from(CANARY).toString('base64url'),
  Buffer.from(CANARY).toString('hex'),
  'c4n4ry',
];

const failure = (): Error =>
  Object.assign(new Error(`401 for key ${CANARY}`, { cause: new Error(`because of ${CANARY}`) }), {
    config: {
      headers: { Authorization: `Bearer ${CANARY}` },
      url: `https://x.test/?apiKey=${encodeURIComponent(CANARY)}`,
    },
  });

const SINKS: Readonly<Record<string, (log: Log) => void>> = {
  'a key at the top': (log) => log.info({ anything: CANARY }, 'x'),
  'a nested key': (log) => log.info({ a: { b: { c: { d: CANARY } } } }, 'x'),
  'a key’s own name': (log) => log.info({ [CANARY]: 1 }, 'x'),
  'an array': (log) => log.info({ list: ['a', [CANARY]] }, 'x'),
  'the message': (log) => log.info(`connected with ${CANARY}`),
  'the message beside an object': (log) => log.warn({ a: 1 }, `connected with ${CANARY}`),
  'an error’s message, cause, stack and config': (log) => log.error({ err: failure() }, 'x'),
  'an error under another name': (log) => log.error({ failure: failure(), reasons: [failure()] }, 'x'),
  'an error as the whole object': (log) => log.error(failure(), 'x'),
  'an aggregate of errors': (log) => log.error({ err: new AggregateError([failure()], CANARY) }, 'x'),
  'a child’s bindings': (log) =>
    log
      .child({ session: CANARY })
      .child({ deep: { er: CANARY } })
      .debug('x'),
  'a URL': (log) => log.info({ url: new URL(`https://x.test/${encodeURIComponent(CANARY)}?k=${CANARY}`) }, 'x'),
  'a query string': (log) => log.info({ query: new URLSearchParams({ key: CANARY }).toString() }, 'x'),
  'a lower-case percent encoding': (log) =>
    log.info({ url: encodeURIComponent(CANARY).replace(/%../g, (hex) => hex.toLowerCase()) }, 'x'),
  'a list of headers': (log) => log.info({ headers: ['X-Api-Key', CANARY] }, 'x'),
  'JSON inside a string': (log) => log.info({ body: JSON.stringify({ key: CANARY }) }, 'x'),
  'JSON inside JSON': (log) => log.info({ body: JSON.stringify({ body: JSON.stringify({ key: CANARY }) }) }, 'x'),
  'a basic authorisation header': (log) =>
    log.info({ header: `Basic ${Buffer.from(`user:${CANARY}`).toString('base64')}` }, 'x'),
  'base64 at any offset': (log) => {
    for (const before of ['', 'a', 'ab', 'abc']) {
      log.info({ text: Buffer.from(`${before}${CANARY}zz`).toString('base64') }, 'x');
      log.info({ text: Buffer.from(`${before}${CANARY}zz`).toString('base64url') }, 'x');
    }
  },
  'hexadecimal bytes': (log) => log.info({ bytes: Buffer.from(CANARY).toString('hex') }, 'x'),
  'an object with its own JSON form': (log) => log.info({ env: { toJSON: () => ({ key: CANARY }) } }, 'x'),
};

describe('the log', () => {
  it.each(Object.entries(SINKS))('hides a secret in %s', (_name, write) => {
    const { log, lines } = writing([CANARY]);
    write(log);
    const text = lines.join('');
    expect(text).toContain('[redacted]');
    for (const trace of TRACES) expect(text).not.toContain(trace);
    // the middle of the value in base64, wherever it began
    for (const before of ['', 'a', 'ab']) {
      const middle = Buffer.from(before + CANARY)
        .toString('base64')
        .slice(4, 20);
      expect(text).not.toContain(middle);
    }
  });

  it('shows the canary in every one of these places when it is not told the secret', () => {
    for (const [name, write] of Object.entries(SINKS)) {
      const { log, lines } = writing([]);
      write(log);
      const text = lines.join('');
      const forms = ['', 'a', 'ab'].map((before) =>
        Buffer.from(before + CANARY)
          .toString('base64')
          .slice(4, 20),
      );
      const seen = [...TRACES, ...forms].some((trace) => text.includes(trace));
      expect(seen, name).toBe(true);
    }
  });

  it('hides what stands under a telling name even when the value is not known', () => {
    const { log, lines } = writing([]);
    log.info(
      { token: 'unknown-1', headers: { AUTHORIZATION: 'unknown-2' }, a: { b: { c: { apiKey: '"unknown-3' } } } },
      'x',
    );
    log
      .child({ serviceKey: 'unknown-4\\' })
      .info({ err: Object.assign(new Error('x'), { api_key: 'unknown-5' }) }, 'x');
    expect(lines.join('')).not.toContain('unknown-');
  });

  it('writes one line of JSON per entry, whatever is in it', () => {
    const anything = fc.record({
      phrase: fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) }),
      detail: fc.object({ maxDepth: 3 }),
    });
    fc.assert(
      fc.property(anything, ({ phrase, detail }) => {
        const { log, lines } = writing(['a-secret-value']);
        log.info({ detail, [`key\r\n${phrase}`]: 'split\r\nhere' }, `first\nsecond\r${phrase}\u2028`);
        expect(lines).toHaveLength(1);
        expect(lines[0]?.indexOf('\n')).toBe((lines[0]?.length ?? 0) - 1);
        expect(lines[0]).not.toContain('\r');
        expect(() => JSON.parse(lines[0] ?? '')).not.toThrow();
      }),
      { numRuns: 150 },
    );
  });

  it('writes any object that the house meets, also those that dislike being walked', () => {
    const { log, lines } = writing([]);
    const strange = [
      new URL('https://x.test/'),
      new Headers({ a: 'b' }),
      new Map([[1, 2]]),
      Buffer.from('x'),
      5n,
      null,
    ];
    for (const value of [
      ...strange,
      new Date(Number.NaN),
      {
        get broken() {
          throw new Error('no');
        },
      },
    ]) {
      log.info({ value, deeper: { value: [value] } }, 'x');
    }
    expect(lines).toHaveLength(8);
  });

  it('survives a value that is nested without end or refers to itself', () => {
    const { log, lines } = writing([CANARY]);
    const loop: Record<string, unknown> = { key: CANARY };
    loop.self = loop;
    let deep: unknown = CANARY;
    for (let i = 0; i < 200_000; i++) deep = [deep];
    log.info({ loop, deep }, 'x');
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('c4n4ry');
  });

  it('writes nothing below its level', () => {
    const { log, lines } = writing([], 'warn');
    log.info('hidden');
    log.warn('shown');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['shown']);
    const silent = writing([], 'silent');
    silent.log.error('hidden');
    expect(silent.lines).toEqual([]);
  });
});

describe('the scrubber', () => {
  it('leaves text without a secret as it is, and too short values alone', () => {
    const scrub = createScrubber(['', 'abc', CANARY]);
    expect(scrub('abc SPY 205.40')).toBe('abc SPY 205.40');
  });

  it('hides any secret in any place of any text', () => {
    const parts = fc.tuple(fc.string({ minLength: 8, maxLength: 80 }), fc.string(), fc.string());
    fc.assert(
      fc.property(parts, ([secret, before, after]) => {
        fc.pre(!'[redacted]'.includes(secret));
        const scrub = createScrubber([secret]);
        for (const form of [secret, encodeURIComponent(secret), JSON.stringify(JSON.stringify(secret))]) {
          expect(scrub(before + form + after)).not.toContain(secret);
        }
        const hidden = Buffer.from(before + secret + after).toString('base64');
        const shown = Buffer.from(scrub(hidden), 'base64').toString();
        expect(shown).not.toContain(secret);
      }),
      { numRuns: 1_000 },
    );
  });
});
