import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FileList, type FoundFile } from './fileList';

const text = fc.string({ unit: 'binary', maxLength: 40 }).map((name) => name.replaceAll('/', '_'));
const folder = fc.constantFrom('', 'pets/', 'pets/cats/', 'pets/dögs/');
const size = fc.nat({ max: 2 ** 31 - 1 }).map((half) => half * 2 ** 20);
const member = fc.oneof(
  fc.record({ kind: fc.constant('stored' as const), offset: size }),
  fc.record({
    kind: fc.constant('zipped' as const),
    offset: size,
    compressedBytes: size,
    deflated: fc.boolean(),
    crc32: fc.nat({ max: 2 ** 32 - 1 }),
  }),
);
const found = fc
  .record({
    base: text,
    folder,
    bytes: size,
    modifiedMs: fc.double({ noNaN: true }),
    source: fc.nat({ max: 10_000 }),
    elsewhere: fc.option(text, { nil: undefined }),
    member: fc.option(member, { nil: undefined }),
  })
  .map(({ base, folder, bytes, elsewhere, member, ...rest }): FoundFile => {
    const path = elsewhere ?? `/home/me/${folder}${base}`;
    return { path, name: folder + base, bytes, ...rest, ...(member && { member: { ...member, bytes } }) };
  });

test('files come back as they were put in, whatever they are called and wherever they lie', () => {
  fc.assert(
    fc.property(fc.array(found, { maxLength: 600, size: 'max' }), (files) => {
      const list = new FileList();
      for (const file of files) list.add(file);
      expect(list.length).toBe(files.length);
      expect([...list]).toEqual(files);
      expect(list.at(files.length)).toBeUndefined();
      expect(list.at(-1)).toBeUndefined();
    }),
    { numRuns: 40 },
  );
});

test('half of a surrogate pair is a name that Windows knows', () => {
  const list = new FileList();
  const file = { path: 'C:\\pets\\\ud83d.png', name: 'pets/\ud83d.png', bytes: 1, modifiedMs: 2, source: 0 };
  list.add(file);
  expect([...list]).toEqual([file]);
});
