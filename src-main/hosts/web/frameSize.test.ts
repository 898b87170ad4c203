import { decode, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import { isFrameWhole } from './frameSize';

const value = fc.object({
  withDate: true,
  withTypedArray: true,
  withNullPrototype: false,
  maxDepth: 5,
  values: [
    fc.string({ maxLength: 400 }),
    fc.double(),
    fc.integer(),
    fc.uint8Array({ maxLength: 400 }),
    fc.constant(null),
  ],
});

test('every value that the encoder writes is whole, and no part of one is', () => {
  fc.assert(
    fc.property(value, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (written, part) => {
      const frame = encode(written);
      expect(isFrameWhole(frame)).toBe(true);
      expect(isFrameWhole(frame.subarray(0, Math.floor(part * frame.length)))).toBe(false);
    }),
  );
});

test('large counts, which take their own formats', () => {
  for (const length of [0, 15, 16, 31, 32, 255, 256, 65_535, 65_536]) {
    expect(isFrameWhole(encode('x'.repeat(length)))).toBe(true);
    expect(isFrameWhole(encode(new Uint8Array(length)))).toBe(true);
    expect(isFrameWhole(encode(new Array(length).fill(1)))).toBe(true);
    expect(isFrameWhole(encode(Object.fromEntries(Array.from({ length }, (_, key) => [`k${key}`, key]))))).toBe(true);
  }
});

test('whatever bytes the decoder takes are whole', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      // The decoder itself must not be asked for four billion entries, which is the point of the check.
      if (isFrameWhole(bytes)) return;
      expect(() => decode(bytes, { maxArrayLength: 1000, maxMapLength: 1000 })).toThrow();
    }),
    { numRuns: 5000 },
  );
});

test('values within one another are taken to a depth that calls need, and no deeper, however many lie side by side', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);
  const mapped = (depth: number): unknown => (depth === 0 ? 1 : { inside: mapped(depth - 1), beside: [] });
  for (const make of [nested, mapped]) {
    expect(isFrameWhole(encode(make(limits.callDepth)))).toBe(true);
    expect(isFrameWhole(encode(make(limits.callDepth + 1)))).toBe(false);
    expect(isFrameWhole(encode(Array.from({ length: 5000 }, () => make(20))))).toBe(true);
  }
});

test.each([
  ['four billion entries', [0xdd, 0xff, 0xff, 0xff, 0xff]],
  ['four billion pairs', [0xdf, 0xff, 0xff, 0xff, 0xff]],
  ['arrays in arrays, each of 65 535 entries', Array.from({ length: 999 }, (_, at) => (at % 3 === 0 ? 0xdc : 0xff))],
  ['a byte that is no format', [0xc1]],
  ['nothing', []],
  ['two values', [0x01, 0x02]],
])('%s are refused', (_name, bytes) => {
  expect(isFrameWhole(new Uint8Array(bytes))).toBe(false);
});
