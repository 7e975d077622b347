import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, hashOf } from '../../src/domain/canonical.ts';

test('keys are sorted at every depth, lists keep their order', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 2 }, 3], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},3]}');
  expect(canonicalJson({ 10: 'ten', 9: 'nine', é: 1, z: 2 })).toBe('{"10":"ten","9":"nine","z":2,"é":1}');
});

test('the order of keys never matters, the value always does', () => {
  const record = fc.dictionary(fc.string(), fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)));
  fc.assert(
    fc.property(record, (value) => {
      const backwards = Object.fromEntries(Object.entries(value).reverse());
      expect(hashOf(backwards)).toBe(hashOf(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      expect(hashOf({ ...value, extra: 1 })).not.toBe(hashOf({ ...value, extra: 2 }));
    }),
  );
});

test('minus zero is zero', () => {
  expect(hashOf({ x: -0 })).toBe(hashOf({ x: 0 }));
});

test('what has no single spelling is refused', () => {
  for (const value of [undefined, Number.NaN, Number.POSITIVE_INFINITY, () => 1, 1n, new Date(0), new Map()]) {
    expect(() => canonicalJson({ value })).toThrow(TypeError);
    expect(() => canonicalJson([value])).toThrow(TypeError);
  }
  // biome-ignore lint/suspicious/noSparseArray: a hole is the point
  expect(() => canonicalJson([1, , 2])).toThrow(TypeError);
});

test('a hash is sha256 in hex', () => {
  expect(hashOf({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
});
