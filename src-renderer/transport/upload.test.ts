import { afterEach, describe, expect, it, vi } from 'vitest';
import type { UploadProgress } from './client';
import { takeDrop, walk } from './dropped';
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
  return { isFile: false, isDirectory: true, name, createReader } as unknown as FileSystemEntry;
}

function picture(path: string): FileSystemEntry {
  const file = (resolve: (file: File) => void) => resolve(new File(['x'], path.split('/').at(-1) ?? path));
  return { isFile: true, isDirectory: false, name: path, fullPath: path, file } as unknown as FileSystemEntry;
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

/** Answers fetch and keeps the paths asked for; a file whose path holds `failing` is refused. */
function fakeServer(failing?: string) {
  const paths: string[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    if (init.signal?.aborted) throw new DOMException('aborted', 'AbortError');
    paths.push(path);
    if (failing !== undefined && path.includes(failing)) {
      const error = { code: 'upload.name-refused', facts: { file: failing } };
      return new Response(JSON.stringify({ error }), { status: 400 });
    }
    return new Response(JSON.stringify({ sourceId: 's' }));
  });
  return paths;
}

afterEach(() => vi.unstubAllGlobals());

describe('what was dropped', () => {
  it('is walked to its end, more than one read a folder', async () => {
    const names: string[] = [];
    for await (const { name } of walk(dropped)) names.push(name);
    expect(names).toEqual(['bowls/a.png', 'bowls/b c.png', 'bowls/old/ü&.png', 'bowls/d.png']);
  });

  it('names the project after its folder', () => {
    const items = dropped.entries.map((entry) => ({ webkitGetAsEntry: () => entry }));
    expect(takeDrop({ items, files: [] } as unknown as DataTransfer).folderName).toBe('bowls');
  });
});

describe('the upload', () => {
  it('sends each file once, its path encoded, and counts as it goes', async () => {
    const paths = fakeServer();
    const seen: UploadProgress[] = [];
    expect(await upload(dropped, { onProgress: (progress) => seen.push(progress) })).toEqual({ sourceId: 's' });
    expect(paths[0]).toBe('/uploads');
    expect(paths.slice(1).toSorted()).toEqual([
      '/uploads/s/files?name=bowls%2Fa.png',
      '/uploads/s/files?name=bowls%2Fb%20c.png',
      '/uploads/s/files?name=bowls%2Fd.png',
      '/uploads/s/files?name=bowls%2Fold%2F%C3%BC%26.png',
    ]);
    expect(seen[3]).toEqual({ done: 4, total: undefined, bytes: 0 });
    expect(seen.slice(4).map(({ done, total }) => [done, total])).toEqual([1, 2, 3, 4].map((done) => [done, 4]));
    expect(seen.at(-1)).toEqual({ done: 4, total: 4, bytes: 4 });
  });

  it('ends with the studio’s own error', async () => {
    fakeServer('d.png');
    await expect(upload(dropped)).rejects.toMatchObject({ code: 'upload.name-refused', facts: { file: 'd.png' } });
  });

  it('ends as cancelled when it is cancelled, as a lost connection otherwise', async () => {
    fakeServer();
    await expect(upload(dropped, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'job.cancelled' });
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('network')));
    await expect(upload(dropped)).rejects.toMatchObject({ code: 'connection.lost' });
  });
});
