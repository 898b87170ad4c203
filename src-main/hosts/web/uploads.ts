import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { ImportSource, type Method, type Result } from '#shared/contract/api';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { openUpload, removeStaleUploads, type StagedUpload, type UploadCaps } from '../../store/staging';
import type { Studio } from '../../studio/studio';

export interface Uploads {
  /** Opens an upload; its id is the `sourceId` of `datasets.import`. */
  open(): Promise<{ readonly sourceId: string }>;
  /** Streams one file into an upload, under its path inside the dropped folder. */
  add(sourceId: string, name: string, bytes: Readable): Promise<void>;
  /** A page's call. An import of an upload gets its staged files, which are removed when it is over. */
  call<M extends Method>(method: M, params: unknown): Promise<Result<M>>;
  close(): Promise<void>;
}

/** The files that pages send, kept under `home` until they are imported. Whoever makes it closes it. */
export async function createUploads(studio: Studio, home: string, caps: UploadCaps = limits): Promise<Uploads> {
  const folder = join(home, 'uploads');
  await removeStaleUploads(folder);
  /** Oldest first. */
  const waiting = new Map<string, StagedUpload>();

  /** Takes the upload that an import names off the list, so that it is imported and removed once. */
  function take(params: unknown): StagedUpload | undefined {
    const source = ImportSource.safeParse(Object(params).source);
    if (!source.success || source.data.kind !== 'offered') return undefined;
    const upload = waiting.get(source.data.sourceId);
    if (upload) waiting.delete(upload.id);
    return upload;
  }

  return {
    async open() {
      const upload = await openUpload(folder, caps);
      waiting.set(upload.id, upload);
      const [oldest] = waiting.values();
      if (waiting.size > limits.uploadsOpen && oldest) {
        waiting.delete(oldest.id);
        await oldest.remove();
      }
      return { sourceId: upload.id };
    },
    async add(sourceId, name, bytes) {
      const upload = waiting.get(sourceId) ?? fail('upload.unknown');
      await upload.add(name, bytes);
    },
    async call(method, params) {
      const upload = method === 'datasets.import' ? take(params) : undefined;
      if (!upload) return studio.call(method, params, 'client');
      try {
        const { sourceId } = await studio.call('datasets.offer', { paths: await upload.roots() }, 'host');
        return await studio.call(method, { ...Object(params), source: { kind: 'offered', sourceId } }, 'client');
      } finally {
        await upload.remove();
      }
    },
    async close() {
      await Promise.all([...waiting.values()].map((upload) => upload.remove()));
      waiting.clear();
    },
  };
}
