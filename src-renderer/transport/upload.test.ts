import { afterEach, describe, expect, it, vi } from 'vitest';
import { limits } from '#shared/contract/limits';
import type { UploadProgress } from './client';
import { partVideos, takeDrop, walk, type NamedFile } from './dropped';
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

  async function* frames(count: number, asked: number[] = []): AsyncGenerator<NamedFile> {
    for (let number = 0; number < count; number++) {
      asked.push(number);
      yield { name: `clip-${number}.png`, file: new File(['x'], `clip-${number}.png`) };
    }
  }

  it('sends what the page makes after what was dropped, and counts it from the beginning', async () => {
    const paths = fakeServer();
    const seen: UploadProgress[] = [];
    const made = { count: 6, files: frames(6) };
    await upload(dropped, { onProgress: (progress) => seen.push(progress), made });
    expect(paths).toHaveLength(11);
    expect(paths.slice(5).toSorted()[0]).toBe('/uploads/s/files?name=clip-0.png');
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

  it('sends the beginning alone of a large video within a folder, for the report', async () => {
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
    await upload({ folderName: 'a', files: [large('clip.mp4'), large('a.png')], entries: [] });
    expect(sent).toEqual([4096]);
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
