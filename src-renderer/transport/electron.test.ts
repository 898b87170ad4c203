import type { UploadProgress } from './client';
import { describe, expect, it } from 'vitest';
import type { DesktopBridge } from '#shared/contract/bridge';
import type { NamedFile } from './dropped';
import { createElectronClient } from './electron';

const ID = '0b9d5b0e-3c52-4a0e-8d0e-2f4a5f1d9a10';

/** A bridge that notes what is handed over. */
function fakeBridge() {
  const seen: string[] = [];
  const refuse = () => Promise.reject(new Error('not expected'));
  const bridge: DesktopBridge<File> = {
    host: 'electron',
    call: refuse,
    onEvent: () => () => undefined,
    chooseFolder: refuse,
    openProject: refuse,
    saveExport: refuse,
    async openUpload() {
      seen.push('open');
      return { ok: true, result: { sourceId: ID } };
    },
    async uploadFile(uploadId, name, bytes) {
      seen.push(`${uploadId === ID} ${name} ${bytes.length}`);
      return { ok: true, result: undefined };
    },
    async offerDropped(files, uploadId) {
      seen.push(`${files.map(({ name }) => name).join()} ${uploadId === ID}`);
      return { ok: true, result: { sourceId: ID } };
    },
  };
  return { seen, client: createElectronClient(bridge) };
}

async function* frames(): AsyncGenerator<NamedFile> {
  for (const name of ['clip-000000.png', 'clip-000005.png']) yield { name, file: new File(['abc'], name) };
}

describe('files in the desktop window', () => {
  const items = { folderName: undefined, files: [new File([], 'a.png')], entries: [] };

  it('are handed over by their path', async () => {
    const { seen, client } = fakeBridge();
    expect(await client.offerFiles(items)).toEqual({ sourceId: ID });
    expect(seen).toEqual(['a.png false']);
  });

  it('that the page makes are uploaded one after another, and go with those', async () => {
    const { seen, client } = fakeBridge();
    const told: (number | undefined)[] = [];
    const onProgress = ({ done, total, bytes }: UploadProgress) => void told.push(done, total, bytes);
    await client.offerFiles(items, { made: { count: 2, files: frames() }, onProgress });
    expect(seen).toEqual(['open', 'true clip-000000.png 3', 'true clip-000005.png 3', 'a.png true']);
    expect(told).toEqual([1, 2, 3, 2, 2, 6]);
  });

  it('are no more asked for once it is cancelled', async () => {
    const { seen, client } = fakeBridge();
    const made = { count: 2, files: frames() };
    const cancelled = client.offerFiles(items, { made, signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ code: 'job.cancelled' });
    expect(seen).toEqual(['open']);
  });
});
