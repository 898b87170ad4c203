import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { ImportSource, type Method, type Result } from '#shared/contract/api';
import { fail, GanvasError, toErrorData } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { BatchAnswer } from '#shared/contract/uploadBatch';
import { openUpload, removeStaleUploads, type StagedUpload, type UploadCaps } from '../../store/staging';
import type { Studio } from '../../studio/studio';
import { filesOfBatch } from './uploadBatch';

export interface Uploads {
  /** Opens an upload; its id is the `sourceId` of `datasets.import`. */
  open(): Promise<{ readonly sourceId: string }>;
  /** Streams one file into an upload, under its path inside the dropped folder. */
  add(sourceId: string, name: string, bytes: Readable): Promise<void>;
  /** Takes several small files in one body (see `uploadBatch.ts`); those that are not taken, which do not keep the others. */
  addBatch(sourceId: string, body: Readable): Promise<BatchAnswer>;
  /** Files and folders of this machine that go with an upload; they are read where they are. `upload.unknown`. */
  join(sourceId: string, paths: readonly string[]): void;
  /** A page's call. An import of an upload gets its staged files to keep; what it does not is removed when it is over. */
  call<M extends Method>(method: M, params: unknown): Promise<Result<M>>;
  close(): Promise<void>;
}

/** Whether an error keeps one file alone from being taken. */
const isOfOneFile = (error: unknown): boolean =>
  error instanceof GanvasError && (error.code === 'upload.name-refused' || error.code === 'upload.too-large');

/** The upload that a call takes, if it takes one. */
function uploadOf(method: Method, params: unknown): string | undefined {
  if (method === 'curation.relink') return z.uuid().safeParse(Object(params).sourceId).data;
  const source = ImportSource.safeParse(method === 'datasets.import' ? Object(params).source : undefined);
  return source.success && source.data.kind === 'offered' ? source.data.sourceId : undefined;
}

/** The files that pages send, kept under `home` until they are imported. Whoever makes it closes it. */
export async function createUploads(studio: Studio, home: string, caps: UploadCaps = limits): Promise<Uploads> {
  const folder = join(home, 'uploads');
  await removeStaleUploads(folder);
  /** Oldest first. */
  const waiting = new Map<string, StagedUpload>();
  const joined = new WeakMap<StagedUpload, readonly string[]>();

  /** Takes the upload that a call names off the list, so that it is used and removed once. */
  function take(method: Method, params: unknown): StagedUpload | undefined {
    const upload = waiting.get(uploadOf(method, params) ?? '');
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
    async addBatch(sourceId, body) {
      const upload = waiting.get(sourceId) ?? fail('upload.unknown');
      const files = await filesOfBatch(body);
      const refused: BatchAnswer['refused'][number][] = [];
      for (const [at, { name, bytes }] of files.entries()) {
        await upload.add(name, bytes).catch((error: unknown) => {
          if (!isOfOneFile(error)) throw error;
          refused.push({ at, error: toErrorData(error) });
        });
      }
      return { refused };
    },
    join(sourceId, paths) {
      joined.set(waiting.get(sourceId) ?? fail('upload.unknown'), paths);
    },
    async call(method, params) {
      const upload = take(method, params);
      if (!upload) return studio.call(method, params, 'client');
      try {
        const offer = { paths: joined.get(upload) ?? [], adopted: await upload.roots() };
        const { sourceId } = await studio.call('datasets.offer', offer, 'host');
        const named = method === 'datasets.import' ? { source: { kind: 'offered', sourceId } } : { sourceId };
        return await studio.call(method, { ...Object(params), ...named }, 'client');
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
