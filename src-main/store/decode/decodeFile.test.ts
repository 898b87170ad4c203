import { createHash } from 'node:crypto';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { openArchive } from '../archives/archive';
import { tarOf, zipOf, type ArchiveEntry } from '../testing/archives';
import { bmp } from '../testing/bmp';
import { colourful } from '../testing/pictures';
import { temporaryFolder } from '../testing/temporaryFolder';
import { decodeFile, digestFile } from './decodeFile';
import { decodePicture } from './decodePicture';
import type { DecodedFile, FileDigest, FileToRead } from './picture';
import { readPictureFile } from './pictureFile';

const options = { size: 32, channels: 3 } as const;
const MEGABYTE = 1024 * 1024;

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hexOf = ({ sha256 }: { readonly sha256?: Uint8Array }): string | undefined =>
  sha256 && Buffer.from(sha256).toString('hex');

/** A file of that content; `size`: the one that it was found with, where it has changed since. */
async function fileOf(bytes: Uint8Array, size = bytes.length): Promise<FileToRead> {
  const path = join(await temporaryFolder(), 'picture');
  await writeFile(path, bytes);
  return { path, bytes: size };
}

/** What becomes of a file: its hash by either way, and its picture. */
async function outcomeOf(file: FileToRead): Promise<unknown> {
  const digest = await digestFile(file);
  const decoded = await decodeFile(file, options);
  return comparable(digest, decoded);
}

const comparable = (digest: FileDigest, decoded: DecodedFile): unknown => ({
  digest: digest.ok ? hexOf(digest) : digest,
  decoded: { ...decoded, sha256: hexOf(decoded) },
});

/** What must become of bytes, decoded from memory of their own. */
async function expectedOf(content: Uint8Array): Promise<unknown> {
  const bytes = Uint8Array.from(content);
  const outcome = await decodePicture(bytes, options);
  const sha256 = hashOf(bytes);
  return { digest: sha256, decoded: { ...outcome, sha256, ...(outcome.ok && { bytes: bytes.length }) } };
}

/** Not compressed: 1.6 MB, 0.4 MB and 3 kB. */
const sides = { large: [800, 700], middle: [400, 350], small: [40, 25] } as const;
const plainPng = (seed: number, size: keyof typeof sides): Promise<Buffer> =>
  colourful(seed, ...sides[size])
    .png({ compressionLevel: 0 })
    .toBuffer();

/** Bytes of which no megabyte is as another. */
const unlike = (length: number): Uint8Array =>
  new Uint8Array(length).map((_, index) => Math.imul(index, 0x9e3779b1) >>> 24);

test.each([
  ['zip', zipOf],
  ['tar', tarOf],
  ['tar.gz', (entries: readonly ArchiveEntry[]) => gzipSync(tarOf(entries))],
])('a member of a %s gives what its file gives by itself', async (ending, archiveOf) => {
  const scratch = await temporaryFolder();
  const path = join(scratch, `pictures.${ending}`);
  const contents = [await colourful(1).jpeg().toBuffer(), await plainPng(2, 'middle'), await plainPng(3, 'small')];
  await writeFile(path, archiveOf(contents.map((bytes, place) => ({ name: `${place}`, bytes }))));
  const archive = await openArchive(path, scratch);
  const found = new Map<string, unknown>();
  for await (const entry of archive.entries()) {
    if (entry.kind === 'refused') throw new Error(entry.detail);
    const { name, member } = entry;
    found.set(name, await outcomeOf({ path: archive.path, bytes: member.bytes, member }));
  }
  expect(found.size).toBe(3);
  for (const [place, bytes] of contents.entries()) {
    const alone = await outcomeOf(await fileOf(bytes));
    expect(alone).toMatchObject({ decoded: { ok: true, bytes: bytes.length, sha256: hashOf(bytes) } });
    expect(found.get(`${place}`)).toEqual(alone);
  }
});

test('a member that is not what its archive says is refused without a hash', async () => {
  const scratch = await temporaryFolder();
  const path = join(scratch, 'pictures.zip');
  const zip = zipOf([{ name: 'a.png', bytes: await plainPng(1, 'small') }]);
  // The checksum in the directory, which is what members are listed by.
  zip.writeUInt32LE(7, zip.indexOf('PK\x01\x02', 'latin1') + 16);
  await writeFile(path, zip);
  const archive = await openArchive(path, scratch);
  const refusal = { ok: false, code: 'corrupt', detail: 'its content is not what the archive says' };
  for await (const entry of archive.entries()) {
    if (entry.kind === 'refused') throw new Error(entry.detail);
    const file = { path: archive.path, bytes: entry.member.bytes, member: entry.member };
    expect(await digestFile(file)).toEqual(refusal);
    expect(await decodeFile(file, options)).toEqual(refusal);
  }
  expect.assertions(2);
});

test.each([1, MEGABYTE - 1, MEGABYTE, MEGABYTE + 1, 1.5 * MEGABYTE, 2 * MEGABYTE, 2 * MEGABYTE + 1])(
  'of %i bytes all are hashed, megabyte by megabyte',
  async (length) => {
    const bytes = unlike(length);
    const file = await fileOf(bytes);
    const told: string[] = [];
    const digest = await digestFile(file, (what) => told.push(what));
    expect(digest.ok && hexOf(digest)).toBe(hashOf(bytes));
    expect(told).toEqual(Array.from({ length: Math.ceil(length / MEGABYTE) }, () => 'working'));
    const aside = await readPictureFile(file);
    expect(aside.ok && [hexOf(aside), hashOf(aside.bytes)]).toEqual([hashOf(bytes), hashOf(bytes)]);
  },
);

test('a picture of more than a megabyte is put together in its order', async () => {
  const bytes = await plainPng(1, 'large');
  expect(bytes.length).toBeGreaterThan(1.5 * MEGABYTE);
  expect(await outcomeOf(await fileOf(bytes))).toEqual(await expectedOf(bytes));
});

test.each<[string, keyof typeof sides, number]>([
  ['by some bytes', 'middle', 7],
  ['from more than a megabyte', 'small', 2 * MEGABYTE],
  ['to more than a megabyte', 'large', MEGABYTE],
])('a file that has shrunk %s since it was found is what is there now', async (_how, size, gone) => {
  // What lies in memory from the file before is no part of it.
  await outcomeOf(await fileOf(unlike(MEGABYTE)));
  const bytes = await plainPng(1, size);
  const file = await fileOf(bytes, bytes.length + gone);
  const outcome = await outcomeOf(file);
  expect(outcome).toEqual(await expectedOf(bytes));
  expect(outcome).toMatchObject({ decoded: { ok: true, bytes: bytes.length } });
  const aside = await readPictureFile(file);
  expect(aside.ok && [hexOf(aside), aside.bytes.length]).toEqual([hashOf(bytes), bytes.length]);
});

test('a file that has become empty since it was found is called so', async () => {
  const file = await fileOf(await plainPng(1, 'small'));
  await truncate(file.path, 0);
  const outcome = await outcomeOf(file);
  expect(outcome).toEqual(await expectedOf(new Uint8Array(0)));
  expect(outcome).toMatchObject({ digest: hashOf(new Uint8Array(0)), decoded: { ok: false, code: 'empty' } });
});

test.each([
  ['JPEG', () => colourful(1, 300, 200).jpeg().toBuffer()],
  ['PNG', () => plainPng(1, 'middle')],
  ['WebP', () => colourful(1, 300, 200).webp().toBuffer()],
  ['GIF', () => colourful(1, 300, 200).gif().toBuffer()],
  ['TIFF', () => colourful(1, 300, 200).tiff().toBuffer()],
  ['BMP', () => bmp(24, 1, 300, 200)],
] as const)('a %s that is cut short has nothing of the whole one that was read before it', async (_format, make) => {
  const whole = await make();
  const cut = whole.subarray(0, whole.length * 0.6);
  const expected = await expectedOf(cut);
  expect(expected).not.toMatchObject({ decoded: { ok: true, flags: 0 } });
  const file = await fileOf(whole);
  // Found as it is, and found before it was cut.
  for (const bytes of [cut.length, whole.length]) {
    await writeFile(file.path, whole);
    expect(await outcomeOf(file)).toMatchObject({ decoded: { ok: true, flags: 0 } });
    await writeFile(file.path, cut);
    expect(await outcomeOf({ ...file, bytes })).toEqual(expected);
  }
});

test('files large and small, read one after the other, are not mixed up', async () => {
  const contents = [
    await colourful(1).jpeg().toBuffer(),
    await plainPng(2, 'large'),
    await colourful(3).webp().toBuffer(),
    await plainPng(4, 'middle'),
    Buffer.from('no picture'),
    await plainPng(5, 'large'),
    await plainPng(6, 'small'),
    await colourful(7, 900, 700).jpeg({ quality: 100 }).toBuffer(),
    await colourful(8).jpeg().toBuffer(),
  ];
  const files = await Promise.all(contents.map((bytes) => fileOf(bytes)));
  const order = [...files.keys(), ...[...files.keys()].toReversed()];
  const found: [number, FileDigest, DecodedFile][] = [];
  for (const place of order) {
    const file = files[place] as FileToRead;
    found.push([place, await digestFile(file), await decodeFile(file, options)]);
  }
  // Looked at in the end: nothing of a result may lie where a later file was read to.
  for (const [place, digest, decoded] of found) {
    expect(comparable(digest, decoded)).toEqual(await expectedOf(contents[place] as Buffer));
  }
});
