import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { api } from '#shared/contract/api';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { fakeStudio, type FakeStudio } from '../tools/fakeStudio';
import { callOver, startTestHost, type TestHost } from './webHost';

const caps = { uploadFileBytes: 1000, uploadFiles: 5, uploadBytes: 2500 };
const projectId = '3f2c1a52-7f3e-4d5a-9a44-0d7b1f4a1c11';
const offeredId = '0b9d5b0e-3c52-4a0e-8d0e-2f4a5f1d9a10';

let studio: FakeStudio;
let host: TestHost;
/** What the import found on disk: path below the offered folder → content. */
let found: Record<string, string>;
beforeEach(async () => {
  found = {};
  let offered: string[] = [];
  studio = fakeStudio({
    'datasets.offer': ({ adopted }: { adopted: string[] }) => {
      offered = adopted;
      return { sourceId: offeredId };
    },
    'datasets.import': async () => {
      for (const root of offered) await readInto(found, root, basename(root));
      return { imported: true };
    },
    'export.take': ({ exportId }: { exportId: string }) =>
      exportId === offeredId
        ? { fileName: 'Großmutter’s "<b>" cat;\r\nX: y.png', mime: 'image/png', bytes: new Uint8Array([1, 2, 3]) }
        : fail('export.unknown'),
  });
  host = await startTestHost(studio, { uploadCaps: caps });
});
afterEach(() => host.close());

/** Reads a file, or a folder to its end, as an import does: under the name of what was offered. */
async function readInto(found: Record<string, string>, path: string, name: string): Promise<void> {
  if ((await stat(path)).isFile()) found[name] = await readFile(path, 'utf8');
  else for (const entry of await readdir(path)) await readInto(found, join(path, entry), `${name}/${entry}`);
}

async function openUpload(): Promise<string> {
  const { status, body } = await host.askAsPage('/uploads', { method: 'POST' });
  expect(status).toBe(200);
  return (JSON.parse(body) as { sourceId: string }).sourceId;
}

const add = (sourceId: string, name: string, body: string) =>
  host.askAsPage(`/uploads/${sourceId}/files?name=${encodeURIComponent(name)}`, { method: 'POST', body });

interface Listed {
  readonly name: string;
  readonly size: number;
}

/** A request with several files, as a page writes it; its list may lie. */
function batch(files: Readonly<Record<string, string>>, list?: readonly Listed[]): Buffer {
  const honest = Object.entries(files).map(([name, text]) => ({ name, size: Buffer.byteLength(text) }));
  const json = Buffer.from(JSON.stringify(list ?? honest));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([length, json, Buffer.from(Object.values(files).join(''))]);
}

const addBatch = (sourceId: string, body: Buffer) =>
  host.askAsPage(`/uploads/${sourceId}/batch`, { method: 'POST', body });

async function importOf(sourceId: string): Promise<unknown> {
  const socket = await host.socketAsPage();
  return callOver(socket, 'datasets.import', { projectId, source: { kind: 'offered', sourceId } });
}

const waiting = (): Promise<string[]> => readdir(join(host.home, 'uploads'));

describe('an upload', () => {
  test('is imported from its own folder, by its host-side id, and removed', async () => {
    const sourceId = await openUpload();
    expect((await add(sourceId, 'cats/1.png', 'one')).status).toBe(200);
    expect((await add(sourceId, '<img src=x onerror=alert(1)>.png', 'two')).status).toBe(200);
    expect(await importOf(sourceId)).toMatchObject({ ok: true, result: { imported: true } });
    expect(found).toEqual({ 'cats/1.png': 'one', '<img src=x onerror=alert(1)>.png': 'two' });
    expect(studio.calls.map(({ method, from }) => [method, from])).toEqual([
      ['datasets.offer', 'host'],
      ['datasets.import', 'client'],
    ]);
    expect(studio.calls[1]?.params).toEqual({ projectId, source: { kind: 'offered', sourceId: offeredId } });
    expect(await waiting()).toEqual([]);
  });

  test('is gone after an import that failed, and imported once only', async () => {
    const sourceId = await openUpload();
    await Promise.all([importOf(sourceId), importOf(sourceId)]);
    expect(studio.calls.filter(({ method }) => method === 'datasets.offer')).toHaveLength(1);
    expect((await add(sourceId, 'late.png', 'x')).status).toBe(404);
  });

  test('of an import that names no upload goes to the studio as it is', async () => {
    await importOf(offeredId);
    expect(studio.calls).toMatchObject([{ method: 'datasets.import', from: 'client' }]);
  });
});

describe('hostile uploads', () => {
  test.each([
    '../../x.png',
    '/etc/cron.d/x',
    'a/../../x',
    'a\0b.png',
    '',
    '.',
    'a//b',
    'x'.repeat(limits.uploadNameLength + 1),
  ])('the name %j is refused', async (name) => {
    const sourceId = await openUpload();
    const { status, body } = await add(sourceId, name, 'x');
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ error: { code: 'upload.name-refused' } });
    expect(await readdir(join(host.home, 'uploads', sourceId))).toEqual([]);
    expect(existsSync(join(host.home, 'x.png'))).toBe(false);
  });

  test('backslashes make one odd name, no folders', async () => {
    const sourceId = await openUpload();
    expect((await add(sourceId, '..\\..\\x.png', 'x')).status).toBe(200);
    expect(await readdir(join(host.home, 'uploads', sourceId))).toEqual(['.._.._x.png']);
  });

  test('an unknown upload is refused', async () => {
    expect((await add('..%2f..', 'a.png', 'x')).status).toBe(404);
    expect((await add(offeredId, 'a.png', 'x')).status).toBe(404);
  });

  test('a file, all files and their number have caps', async () => {
    const sourceId = await openUpload();
    const results = [
      await add(sourceId, 'fits.png', 'x'.repeat(1000)),
      await add(sourceId, 'too-large.png', 'x'.repeat(1001)),
      await add(sourceId, 'fits-too.png', 'x'.repeat(1000)),
      await add(sourceId, 'past-all.png', 'x'.repeat(600)),
      await add(sourceId, 'empty.png', ''),
      await add(sourceId, 'one-too-many.png', ''),
    ].map(({ status, body }) => [status, (JSON.parse(body) as { error?: { code: string } }).error?.code]);
    expect(results).toEqual([
      [200, undefined],
      [413, 'upload.too-large'],
      [200, undefined],
      [413, 'upload.too-large'],
      [200, undefined],
      [413, 'dataset.too-many-files'],
    ]);
    expect((await readdir(join(host.home, 'uploads', sourceId))).sort()).toEqual([
      'empty.png',
      'fits-too.png',
      'fits.png',
    ]);
  });

  test('a file that is refused in the midst of its bytes is told why, and the next one is taken', async () => {
    const sourceId = await openUpload();
    const megabytes = 'x'.repeat(8_000_000);
    expect((await add(sourceId, 'large.png', megabytes)).status).toBe(413);
    expect((await add(sourceId, 'a/../b.png', megabytes)).status).toBe(400);
    expect((await add(sourceId, 'next.png', 'x')).status).toBe(200);
  });

  test('several files in one request have the same caps and names, and none keeps the others', async () => {
    const sourceId = await openUpload();
    const [large, upwards, fits] = ['large.png', '../../x.png', 'cats/ü.png'] as const;
    const files = { [large]: 'x'.repeat(1001), [upwards]: 'x', [fits]: 'ü' };
    const { status, body } = await addBatch(sourceId, batch(files));
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      refused: [
        { at: 0, error: { code: 'upload.too-large' } },
        { at: 1, error: { code: 'upload.name-refused' } },
      ],
    });
    expect(existsSync(join(host.home, 'x.png'))).toBe(false);
    expect(await readdir(join(host.home, 'uploads', sourceId))).toEqual(['cats']);
    expect(await readFile(join(host.home, 'uploads', sourceId, fits), 'utf8')).toBe('ü');
    const names = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`${index}.png`, '']));
    const more = await addBatch(sourceId, batch(names));
    expect([more.status, JSON.parse(more.body)]).toMatchObject([413, { error: { code: 'dataset.too-many-files' } }]);
    expect((await addBatch(offeredId, batch({}))).status).toBe(404);
  });

  test.each([
    ['is empty', () => Buffer.alloc(0)],
    ['ends within its list', () => batch({ 'a.png': 'x' }).subarray(0, 20)],
    ['has no JSON for a list', () => Buffer.from('\x03\0\0\0nojx')],
    ['claims a list of 4 GB', () => Buffer.from('\xff\xff\xff\xff[]', 'latin1')],
    ['lists more bytes than it has', () => batch({ 'a.png': 'x' }, [{ name: 'a.png', size: 2 }])],
    ['lists fewer bytes than it has', () => batch({ 'a.png': 'xy' }, [{ name: 'a.png', size: 1 }])],
    ['lists a size below nothing', () => batch({ 'a.png': 'xy' }, [{ name: 'b.png', size: -1 }, { name: 'a.png', size: 3 }])], // prettier-ignore
    ['lists too many', () => batch({}, Array.from({ length: limits.uploadBatchFiles + 1 }, () => ({ name: 'a', size: 0 })))], // prettier-ignore
    ['has too large files', () => batch({ 'a.png': 'x'.repeat(limits.uploadBatchBytes + 1) })],
    ['has too long names', () => batch({ ['x'.repeat(limits.uploadBatchListBytes)]: 'x' })],
    ['has no end', () => batch({ 'a.png': 'x'.repeat(3 * limits.uploadBatchBytes) })],
  ])('a request with several files that %s is refused whole', async (_problem, body) => {
    const sourceId = await openUpload();
    const { status, body: answer } = await addBatch(sourceId, body());
    expect([status, JSON.parse(answer)]).toMatchObject([400, { error: { code: 'upload.failed' } }]);
    expect(await readdir(join(host.home, 'uploads', sourceId))).toEqual([]);
  });

  test('what could not be uploaded is bounded, and told by the codes of a page alone', () => {
    const { params } = api['datasets.import'];
    const parse = (count: number, listed: number, file: object = {}) => {
      const named = { file: 'a.png', code: 'name', detail: '', ...file };
      const leftOut = { count, files: Array.from({ length: listed }, () => named) };
      return params.safeParse({ projectId, source: { kind: 'sample' }, leftOut }).success;
    };
    expect(parse(limits.uploadFiles, limits.leftOutListed)).toBe(true);
    expect(parse(limits.uploadFiles + 1, 1)).toBe(false);
    expect(parse(limits.uploadFiles, limits.leftOutListed + 1)).toBe(false);
    expect(parse(1, 2)).toBe(false);
    expect(parse(1, 1, { code: 'corrupt' })).toBe(false);
    expect(parse(1, 1, { file: 'x'.repeat(limits.leftOutText + 1) })).toBe(false);
  });

  test('the oldest of too many waiting uploads makes room', async () => {
    const first = await openUpload();
    for (let upload = 0; upload < limits.uploadsOpen; upload++) await openUpload();
    expect(await waiting()).toHaveLength(limits.uploadsOpen);
    expect((await add(first, 'a.png', 'x')).status).toBe(404);
  });
});

describe('downloads', () => {
  test('carry a name that cannot break out of its header', async () => {
    const { status, headers } = await host.askAsPage(`/exports/${offeredId}`);
    expect(status).toBe(200);
    expect(headers['x']).toBeUndefined();
    expect(headers['content-type']).toBe('image/png');
    expect(headers['content-disposition']).toBe(
      `attachment; filename="Gro_mutter_s __b__ cat___X_ y.png"; filename*=UTF-8''Gro%C3%9Fmutter%E2%80%99s%20%22%3Cb%3E%22%20cat%3B%0D%0AX%3A%20y.png`,
    );
    expect(studio.calls).toEqual([{ method: 'export.take', params: { exportId: offeredId }, from: 'host' }]);
  });

  test('of what is not there is refused in words', async () => {
    const { status, body } = await host.askAsPage(`/exports/${projectId}`);
    expect(status).toBe(404);
    expect(body).toContain('Make it again');
  });
});

test('closing the host removes what waits', async () => {
  const own = await startTestHost(fakeStudio());
  await own.askAsPage('/uploads', { method: 'POST' });
  const folder = join(own.home, 'uploads');
  expect(await readdir(folder)).toHaveLength(1);
  const left: string[] = [];
  const closing = own.close();
  await closing;
  if (existsSync(folder)) left.push(...(await readdir(folder)));
  expect(left).toEqual([]);
});
