import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import { tarOf, zipOf, type ArchiveEntry } from '../testing/archives';
import { temporaryFolder } from '../testing/temporaryFolder';
import { openArchive, type ArchiveCaps } from './archive';
import { ArchiveError, CutShortError, readMember } from './member';

const text = (name: string, content = name): ArchiveEntry => ({ name, bytes: Buffer.from(content) });

async function write(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

/** Each entry's name with its content, or with why it is refused. */
async function contents(path: string, caps: ArchiveCaps = limits): Promise<Record<string, string>> {
  const archive = await openArchive(path, join(path, '..', 'scratch'), { caps });
  const found: Record<string, string> = {};
  for await (const entry of archive.entries()) {
    const { name } = entry;
    found[name] =
      entry.kind === 'refused'
        ? `refused: ${entry.detail}`
        : Buffer.from(await readMember(archive.path, entry.member)).toString();
  }
  return found;
}

const entries = [text('a.txt'), text('folder/ü.txt'), text(`${'deep/'.repeat(25)}b.txt`), text('empty.txt', '')];
const whole = Object.fromEntries(entries.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]));

test.each([
  ['a.zip', zipOf(entries)],
  ['a.tar', tarOf(entries)],
  ['a.tar.gz', gzipSync(tarOf(entries))],
  ['a.tgz', gzipSync(tarOf(entries))],
])('%s gives back what was put in', async (name, bytes) => {
  expect(await contents(await write(name, bytes))).toEqual(whole);
});

test.each([
  ['a.zip', zipOf],
  ['a.tar', tarOf],
])('names that lead out of %s are refused, the rest is taken', async (name, archiveOf) => {
  const hostile = ['../evil.png', '/etc/passwd', 'a/../../evil.png', 'C:/evil.png', '..\\worse.png'];
  const found = await contents(await write(name, archiveOf([...hostile.map((evil) => text(evil)), text('good.txt')])));
  expect(found['good.txt']).toBe('good.txt');
  expect(Object.values(found).filter((content) => content.startsWith('refused: '))).toHaveLength(hostile.length);
});

test('links are not followed', async () => {
  const link = { ...text('link.png', '/etc/passwd'), mode: 0o120777 };
  expect((await contents(await write('a.zip', zipOf([link]))))['link.png']).toBe('refused: it is a link');
  for (const type of ['1', '2', '3', '6']) {
    const found = await contents(await write('a.tar', tarOf([{ ...text('link.png'), type }])));
    expect(found['link.png']).toMatch(/^refused: it is a link/);
  }
});

test('encrypted files and other packings are named', async () => {
  const encrypted = await contents(await write('a.zip', zipOf([text('a.png')], { flags: 0x801 })));
  expect(encrypted['a.png']).toBe('refused: it is encrypted');
  const other = await contents(await write('a.zip', zipOf([text('a.png')], { method: 93 })));
  expect(other['a.png']).toBe('refused: it is packed by method 93');
});

test.each<[string, string, Buffer, Partial<ArchiveCaps>]>([
  ['too many files', 'a.zip', zipOf([text('1'), text('2'), text('3')]), { archiveFiles: 2 }],
  ['too many files in a tar', 'a.tar', tarOf([text('1'), text('2'), text('3')]), { archiveFiles: 2 }],
  ['too many bytes', 'a.zip', zipOf([text('1', 'x'.repeat(999))]), { archiveBytes: 500 }],
  ['a ratio of a bomb', 'a.zip', zipOf([text('1', 'x'.repeat(1e6))]), { archiveRatioFrom: 1000 }],
  ['a ratio of a bomb in a tar.gz', 'a.tgz', gzipSync(tarOf([text('1', 'x'.repeat(1e6))])), { archiveRatioFrom: 1000 }],
  [
    'files that lie in one another',
    'a.zip',
    zipOf(
      Array.from({ length: 50 }, (_, i) => text(`${i}`, 'x'.repeat(9999))),
      { overlap: true },
    ),
    {},
  ],
  ['no archive', 'a.zip', Buffer.from('no archive at all'), {}],
  ['no tar', 'a.tar', Buffer.from('no archive at all'.repeat(99)), {}],
  ['no gzip', 'a.tgz', Buffer.from('no archive at all'), {}],
  ['cut short', 'a.tar', tarOf([text('1', 'x'.repeat(5000))]).subarray(0, 2000), {}],
  ['cut short within its compression', 'a.tgz', gzipSync(tarOf(entries)).subarray(0, 100), {}],
])('%s: the archive is refused', async (_, name, bytes, caps) => {
  await expect(contents(await write(name, bytes), { ...limits, ...caps })).rejects.toBeInstanceOf(ArchiveError);
});

test.each(['a.tar', 'a.tgz'])('of %s, cut short, the whole members are given, then the cut is told', async (name) => {
  // Noise does not shrink: the cut of the packed one lies where it lies in the plain one, about.
  const noise = (seed: number) =>
    Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * index * seed * 7919) % 251));
  const members = Array.from({ length: 9 }, (_, seed) => ({ name: `${seed}.png`, bytes: noise(seed + 1) }));
  const plain = tarOf(members);
  const packed = name === 'a.tgz' ? gzipSync(plain) : plain;
  const path = await write(name, packed.subarray(0, Math.floor(packed.length * 0.6)));
  const archive = await openArchive(path, join(path, '..', 'scratch'));
  const names: string[] = [];
  const listing = async () => {
    for await (const entry of archive.entries()) {
      if (entry.kind !== 'file') continue;
      expect(await readMember(archive.path, entry.member)).toEqual(new Uint8Array(noise(names.length + 1)));
      names.push(entry.name);
    }
  };
  await expect(listing()).rejects.toBeInstanceOf(CutShortError);
  expect(names.length).toBeGreaterThan(2);
  expect(names).toEqual(members.slice(0, names.length).map(({ name: of }) => of));
});

test('a tar without the mark of its end is whole, unless it was packed', async () => {
  const unmarked = tarOf(entries).subarray(0, -1024);
  expect(await contents(await write('a.tar', unmarked))).toEqual(whole);
  await expect(contents(await write('a.tgz', gzipSync(unmarked)))).rejects.toBeInstanceOf(CutShortError);
});

test('a member that unpacks to more or to less than it says is refused', async () => {
  for (const bytes of [10, 99_999]) {
    const path = await write('a.zip', zipOf([text('1', 'x'.repeat(5000))], { bytes }));
    await expect(contents(path)).rejects.toBeInstanceOf(ArchiveError);
  }
});

test('whatever the bytes, an archive is listed or refused', async () => {
  const seeds = [
    ['a.zip', zipOf(entries)],
    ['a.tar', tarOf(entries)],
  ] as const;
  const change = fc.record({ at: fc.nat(), to: fc.nat(255) });
  const folder = await temporaryFolder();
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...seeds), fc.array(change, { maxLength: 12 }), async ([name, seed], changes) => {
      const bytes = Uint8Array.from(seed);
      for (const { at, to } of changes) bytes[at % bytes.length] = to;
      const path = join(folder, name);
      await writeFile(path, bytes);
      await contents(path).catch((error: unknown) => expect(error).toBeInstanceOf(ArchiveError));
    }),
    { numRuns: 300 },
  );
});
