import { afterEach, describe, expect, it, vi } from 'vitest';
import { limits } from '#shared/contract/limits';
import { BatchList, LENGTH_BYTES } from '#shared/contract/uploadBatch';
import { LeftOut } from '#shared/dataset/leftOut';
import type { UploadProgress } from './client';
import { partVideos, takeDrop, walk, type NamedFile, type Unopened } from './dropped';
import { upload } from './upload';

/** An entry as the browser hands it over: at most `atOnce` children a read, as browsers do. */
function folder(name: string, children: readonly FileSystemEntry[], atOnce = 2): FileSystemEntry {
  const createReader = () => {
    let at = 0;
    return {
      readEntries: (resolve: (entries: readonly FileSystemEntry[]) => void) =>
        resolve(children.slice(at, (at += atOnce))),
    };
  };
  return { isFile: false, isDirectory: true, name, fullPath: `/${name}`, createReader } as unknown as FileSystemEntry;
}

function picture(path: string): FileSystemEntry {
  const file = (resolve: (file: File) => void) => resolve(new File(['x'], path.split('/').at(-1) ?? path));
  return { isFile: true, isDirectory: false, name: path, fullPath: path, file } as unknown as FileSystemEntry;
}

const gone = new DOMException('It could not be found.', 'NotFoundError');

/** An entry that the browser listed and cannot open any more. */
function lostFile(path: string): FileSystemEntry {
  return Object.assign(picture(path), { file: (_: unknown, reject: (error: DOMException) => void) => reject(gone) });
}

/** A folder that gives its first children, and then no more. */
function lostFolder(name: string, first: FileSystemEntry): FileSystemEntry {
  let reads = 0;
  const readEntries = (resolve: (entries: readonly FileSystemEntry[]) => void, reject: (error: unknown) => void) =>
    reads++ === 0 ? resolve([first]) : reject(gone);
  return { ...folder(name, []), createReader: () => ({ readEntries }) } as unknown as FileSystemEntry;
}

const entryOf = (file: File): FileSystemEntry =>
  Object.assign(picture(`/${file.name}`), { file: (resolve: (file: File) => void) => resolve(file) });

/** A file that was there when it was dropped and cannot be read now. */
function unreadable(name: string): File {
  const file = new File(['x'], name);
  return Object.assign(file, { slice: () => ({ arrayBuffer: () => Promise.reject(gone) }) });
}

const dropped = {
  folderName: 'bowls',
  files: [],
  entries: [
    folder('bowls', [
      picture('/bowls/a.png'),
      picture('/bowls/b c.png'),
      folder('old', [picture('/bowls/old/ü&.png')]),
      picture('/bowls/d.png'),
    ]),
  ],
};

/** The names of the files in a request. */
async function namesIn(path: string, body: unknown): Promise<readonly string[]> {
  const alone = new URLSearchParams(path.split('?')[1]).get('name');
  if (alone !== null) return [alone];
  if (!path.endsWith('/batch')) return [];
  const bytes = new Uint8Array(await (body as Blob).arrayBuffer());
  const end = LENGTH_BYTES + new DataView(bytes.buffer).getUint32(0, true);
  const list = BatchList.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, end))));
  expect(list.reduce((sum, { size }) => sum + size, end)).toBe(bytes.length);
  return list.map(({ name }) => name);
}

/** Answers fetch and keeps the names of the files in each request; one whose name holds `failing` is refused, or the whole request. */
function fakeServer(failing?: string, code = 'disk.full') {
  const requests: (readonly string[])[] = [];
  const isOfOneFile = code.startsWith('upload.');
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    if (init.signal?.aborted) throw new DOMException('aborted', 'AbortError');
    const names = await namesIn(path, init.body);
    requests.push(names);
    const at = failing === undefined ? -1 : names.findIndex((name) => name.includes(failing));
    const error = { code, facts: { file: failing, limit: 9 } };
    if (at >= 0 && isOfOneFile && names.length > 1) return new Response(JSON.stringify({ refused: [{ at, error }] }));
    if (at >= 0) return new Response(JSON.stringify({ error }), { status: 400 });
    return new Response(JSON.stringify({ sourceId: 's', refused: [] }));
  });
  return requests;
}

afterEach(() => vi.unstubAllGlobals());

async function walked(entries: readonly FileSystemEntry[]): Promise<(NamedFile | Unopened)[]> {
  const all: (NamedFile | Unopened)[] = [];
  for await (const met of walk({ ...dropped, entries })) all.push(met);
  return all;
}

describe('what was dropped', () => {
  it('is walked past what cannot be opened', async () => {
    const entries = [lostFile('/a.png'), lostFolder('old', picture('/old/1.png')), picture('/z.png')];
    expect(await walked(entries)).toMatchObject([
      { name: 'a.png', problem: 'It could not be found.' },
      { name: 'old/1.png' },
      { name: 'old', problem: 'It could not be found.' },
      { name: 'z.png' },
    ]);
  });

  it('is walked to its end, more than one read a folder', async () => {
    const names = (await walked(dropped.entries)).map(({ name }) => name);
    expect(names).toEqual(['bowls/a.png', 'bowls/b c.png', 'bowls/old/ü&.png', 'bowls/d.png']);
  });

  it('names the project after its folder', () => {
    const items = dropped.entries.map((entry) => ({ webkitGetAsEntry: () => entry }));
    expect(takeDrop({ items, files: [] } as unknown as DataTransfer).folderName).toBe('bowls');
  });
});

describe('videos among what was dropped', () => {
  const loose = [new File(['v'], 'holiday.MP4'), new File(['x'], 'a.png')];

  it('are parted from the rest, in the files as in the entries', () => {
    const { videos, others } = partVideos({
      folderName: undefined,
      files: loose,
      entries: [picture('holiday.MP4'), picture('a.png')],
    });
    expect(videos.map(({ name }) => name)).toEqual(['holiday.MP4']);
    expect(others.files.map(({ name }) => name)).toEqual(['a.png']);
    expect(others.entries.map(({ name }) => name)).toEqual(['a.png']);
  });

  it('are none within a folder, and no folder is one', () => {
    const inFolder = Object.defineProperty(new File(['v'], 'b.webm'), 'webkitRelativePath', { value: 'clips/b.webm' });
    expect(partVideos({ folderName: 'clips', files: [inFolder], entries: [] }).videos).toEqual([]);
    const odd = { folderName: 'odd.mov', files: [new File([], 'odd.mov')], entries: [folder('odd.mov', [])] };
    expect(partVideos(odd)).toEqual({ videos: [], others: odd });
  });
});

describe('the upload', () => {
  it('sends small files together, each once, and counts as it goes', async () => {
    const requests = fakeServer();
    const seen: UploadProgress[] = [];
    const offered = await upload(dropped, { onProgress: (progress) => seen.push(progress) });
    expect(offered).toEqual({ sourceId: 's', leftOut: undefined });
    expect(requests).toEqual([[], ['bowls/a.png', 'bowls/b c.png', 'bowls/old/ü&.png', 'bowls/d.png']]);
    expect(seen.slice(3)).toEqual([
      { done: 4, total: undefined, bytes: 0 },
      { done: 4, total: 4, bytes: 4 },
    ]);
  });

  it('sends a large file alone, and no more in a request than the host takes', async () => {
    const requests = fakeServer();
    const sized = (name: string, size: number) => new File([new Uint8Array(size)], name);
    const small = Array.from({ length: limits.uploadBatchFiles + 1 }, (_, index) => sized(`${index}.png`, 10));
    const files = [sized('ü&.png', 600 * 1024), ...small, ...['x', 'y', 'z'].map((name) => sized(name, 500 * 1024))];
    await upload({ folderName: 'a', files, entries: [] });
    expect(requests.find((names) => names.length === 1)).toEqual(['ü&.png']);
    const counts = () => requests.map((names) => names.length).toSorted((a, b) => a - b);
    expect(counts()).toEqual([0, 1, 4, limits.uploadBatchFiles]);
    requests.length = 0;
    const more = ['1', '2'].map((name) => sized(name, 500 * 1024));
    await upload({ folderName: 'a', files: [...files, ...more], entries: [] });
    // Four of half a megabyte and a small one; then the next.
    expect(counts()).toEqual([0, 1, 1, 5, limits.uploadBatchFiles]);
  });

  async function* frames(count: number, asked: number[] = []): AsyncGenerator<NamedFile> {
    for (let number = 0; number < count; number++) {
      asked.push(number);
      yield { name: `clip-${number}.png`, file: new File(['x'], `clip-${number}.png`) };
    }
  }

  it('sends what the page makes after what was dropped, and counts it from the beginning', async () => {
    const requests = fakeServer();
    const seen: UploadProgress[] = [];
    const made = { count: 6, files: frames(6) };
    await upload(dropped, { onProgress: (progress) => seen.push(progress), made });
    expect(requests).toHaveLength(8);
    expect(requests.slice(2).flat().toSorted()[0]).toBe('clip-0.png');
    expect(seen.find(({ total }) => total !== undefined)?.total).toBe(10);
    expect(seen.at(-1)).toEqual({ done: 10, total: 10, bytes: 10 });
  });

  it('asks for no more pictures than it can send, and for none after a failure', async () => {
    const asked: number[] = [];
    fakeServer('clip-3.png');
    await expect(
      upload({ ...dropped, entries: [] }, { made: { count: 99, files: frames(99, asked) } }),
    ).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(asked.length).toBeLessThan(30);
  });

  it('sends the beginning alone of a large video within a folder, or of an archive that is not opened, for the report', async () => {
    const sent: number[] = [];
    vi.stubGlobal('fetch', async (_path: string, { body }: RequestInit) => {
      if (body instanceof Blob) sent.push(body.size);
      return new Response(JSON.stringify({ sourceId: 's' }));
    });
    const large = (name: string) => {
      const file = new File(['x'.repeat(9000)], name);
      Object.defineProperty(file, 'size', { value: limits.uploadFileBytes + 1 });
      return file;
    };
    const files = [large('clip.mp4'), large('a.7z'), large('a.tar.xz'), large('a.png')];
    const { leftOut } = await upload({ folderName: 'a', files, entries: [] });
    expect(sent).toEqual([4096, 4096, 4096]);
    const detail = `${limits.uploadFileBytes + 1} bytes; at most ${limits.uploadFileBytes} are read`;
    expect(leftOut).toEqual({ count: 1, files: [{ file: 'a.png', code: 'too-large', detail }] });
  });

  it.each([
    ['upload.name-refused', 'name'],
    ['upload.too-large', 'too-large'],
  ])('sends the others when one is refused by %s, and says which', async (refusal, code) => {
    const requests = fakeServer('old', refusal);
    const seen: UploadProgress[] = [];
    const { leftOut } = await upload(dropped, { onProgress: (progress) => seen.push(progress) });
    expect(requests).toHaveLength(2);
    expect(leftOut).toMatchObject({ count: 1, files: [{ file: 'bowls/old/ü&.png', code }] });
    expect(seen.at(-1)).toEqual({ done: 4, total: 4, bytes: 3 });
  });

  it('tells a file that can no longer be read from a connection that was lost', async () => {
    const lost = new TypeError('network');
    const requests: (readonly string[])[] = [];
    vi.stubGlobal('fetch', async (path: string, { body }: RequestInit) => {
      const names = await namesIn(path, body);
      requests.push(names);
      if (names.some((name) => name.startsWith('gone'))) throw lost;
      return new Response(JSON.stringify({ sourceId: path === '/uploads' ? 's' : undefined }));
    });
    const files = [new File(['x'], 'a.png'), unreadable('gone.png'), new File(['x'], 'z.png')];
    const { leftOut } = await upload({ folderName: 'a', files, entries: [lostFile('/b.png'), ...files.map(entryOf)] });
    expect(leftOut).toEqual({
      count: 2,
      files: [
        { file: 'b.png', code: 'unreadable', detail: 'It could not be found.' },
        { file: 'gone.png', code: 'unreadable', detail: 'It could not be found.' },
      ],
    });
    // Together they failed, then each by itself.
    expect(requests).toEqual([[], ['a.png', 'gone.png', 'z.png'], ['a.png'], ['gone.png'], ['z.png']]);
    requests.length = 0;
    const sound = ['gone, says the network.png', 'b.png'].map((name) => new File(['x'], name));
    await expect(upload({ folderName: 'a', files: sound, entries: [] })).rejects.toMatchObject({ code: 'connection.lost' }); // prettier-ignore
    // Nothing is sent twice that may have come.
    expect(requests).toHaveLength(2);
  });

  it('names the first of very many, in short, and counts all', async () => {
    fakeServer();
    const name = `/${'long/'.repeat(100)}x.png`;
    const entries = Array.from({ length: limits.leftOutListed + 5 }, () => lostFile(name));
    const { leftOut } = await upload({ ...dropped, entries });
    expect(LeftOut.parse(leftOut).count).toBe(limits.leftOutListed + 5);
    expect(leftOut?.files).toHaveLength(limits.leftOutListed);
  });

  it('ends with the studio’s own error', async () => {
    fakeServer('d.png');
    await expect(upload(dropped)).rejects.toMatchObject({ code: 'disk.full', facts: { file: 'd.png' } });
  });

  it('ends as cancelled when it is cancelled, as a lost connection otherwise', async () => {
    fakeServer();
    await expect(upload(dropped, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'job.cancelled' });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
    await expect(upload(dropped)).rejects.toMatchObject({ code: 'connection.lost' });
  });
});
