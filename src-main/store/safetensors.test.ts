import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFloats, decodeSafetensors, encodeSafetensors, SafetensorsError, type SavedTensor } from './safetensors';

const file = (header: unknown, body = Buffer.alloc(0)): Buffer => {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, body]);
};
const entry = (shape: number[], start: number, end: number) => ({ dtype: 'F32', shape, data_offsets: [start, end] });

/** The bits, so that NaN and −0 count too. */
const bitsOf = (tensors: ReadonlyMap<string, SavedTensor<Float32Array>>) =>
  [...tensors].map(([name, { shape, data }]) => [
    name,
    [...shape],
    [...new Uint32Array(data.buffer, data.byteOffset, data.length)],
  ]);

test('tensors and metadata come back bit by bit', () => {
  const name = fc
    .string({ minLength: 1, maxLength: 20 })
    .filter((text) => text !== '__metadata__' && text !== '__proto__');
  const data = fc.float32Array({ maxLength: 40 });
  const metadata = fc.dictionary(name, fc.string(), { noNullPrototype: true });
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { maxLength: 6 }),
      fc.array(data, { minLength: 6, maxLength: 6 }),
      metadata,
      (names, all, notes) => {
        const tensors = new Map(
          names.map((key, index) => {
            const values = all[index] as Float32Array;
            return [key, { shape: [1, values.length], data: values }];
          }),
        );
        const read = decodeFloats(encodeSafetensors({ tensors, metadata: notes }));
        expect(new Map(bitsOf(read.tensors).map(([key, ...rest]) => [key, rest]))).toEqual(
          new Map(bitsOf(tensors).map(([key, ...rest]) => [key, rest])),
        );
        expect(read.metadata).toEqual(notes);
      },
    ),
  );
});

test('a file that begins at any byte of a buffer is read', () => {
  const bytes = encodeSafetensors({
    tensors: new Map([['a', { shape: [2], data: Float32Array.of(1, 2) }]]),
    metadata: {},
  });
  for (let offset = 0; offset < 4; offset++) {
    const shifted = new Uint8Array(bytes.length + offset);
    shifted.set(bytes, offset);
    expect([...(decodeSafetensors(shifted.subarray(offset)).tensors.get('a')?.data ?? [])]).toEqual([1, 2]);
  }
});

test.each<[string, Buffer]>([
  ['empty', Buffer.alloc(0)],
  ['a header longer than the file', Buffer.concat([Buffer.alloc(8, 0xff), Buffer.from('{}')])],
  ['no JSON', file('{"a"')],
  ['an array', file([])],
  ['null', file('null')],
  ['a type that is not kept', file({ a: { ...entry([1], 0, 4), dtype: 'I64' } }, Buffer.alloc(8))],
  ['a type of another size', file({ a: { ...entry([1], 0, 4), dtype: 'F64' } }, Buffer.alloc(4))],
  ['a negative offset', file({ a: entry([1], -4, 0) }, Buffer.alloc(4))],
  ['a fraction', file({ a: entry([0.5], 0, 2) }, Buffer.alloc(2))],
  ['beyond the end', file({ a: entry([2], 0, 8) }, Buffer.alloc(4))],
  ['an enormous shape', file({ a: entry([2 ** 52, 2 ** 52], 0, 4) }, Buffer.alloc(4))],
  ['a shape of another size', file({ a: entry([3], 0, 4) }, Buffer.alloc(4))],
  ['an overlap', file({ a: entry([1], 0, 4), b: entry([1], 0, 4) }, Buffer.alloc(4))],
  ['a gap', file({ a: entry([1], 0, 4), b: entry([1], 8, 12) }, Buffer.alloc(12))],
  ['bytes left over', file({ a: entry([1], 0, 4) }, Buffer.alloc(5))],
  ['metadata that is no text', file({ __metadata__: { a: 1 } })],
  ['__proto__ as a tensor', file('{"__proto__": {"dtype": "F32"}}')],
])('%s is refused', (_, bytes) => {
  expect(() => decodeSafetensors(bytes)).toThrow(SafetensorsError);
});

test('whatever the bytes, it reads them or refuses them', () => {
  const sound = encodeSafetensors({
    tensors: new Map([['a', { shape: [3], data: Float32Array.of(1, 2, 3) }]]),
    metadata: { k: 'v' },
  });
  const change = fc.record({ at: fc.nat(sound.length - 1), to: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(sound.length), (changes, length) => {
      const bytes = Uint8Array.from(sound);
      for (const { at, to } of changes) bytes[at] = to;
      try {
        decodeSafetensors(bytes.subarray(0, length));
      } catch (error) {
        expect(error).toBeInstanceOf(SafetensorsError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('every element type comes back, and float32 alone where that is asked for', () => {
  const tensors = new Map<string, SavedTensor>([
    ['bytes', { shape: [3], data: Uint8Array.of(0, 7, 255) }],
    ['counts', { shape: [2], data: Uint32Array.of(1, 2 ** 32 - 1) }],
    ['places', { shape: [2], data: Int32Array.of(-1, 2 ** 31 - 1) }],
    ['times', { shape: [1], data: Float64Array.of(1e300) }],
    ['means', { shape: [1], data: Float32Array.of(0.5) }],
  ]);
  const bytes = encodeSafetensors({ tensors, metadata: {} });
  expect(decodeSafetensors(bytes).tensors).toEqual(tensors);
  expect(() => decodeFloats(bytes)).toThrow(SafetensorsError);
});

test('a shape that does not fit its numbers is the caller’s defect', () => {
  const tensors = new Map([['a', { shape: [2], data: new Float32Array(3) }]]);
  expect(() => encodeSafetensors({ tensors, metadata: {} })).toThrow(RangeError);
});
