import { fail, fromErrorData, GanvasError, type ErrorData } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { isArchiveName } from '#shared/dataset/archiveName';
import type { OfferOptions, UploadProgress } from './client';
import { walk, type DroppedItems, type NamedFile } from './dropped';

/** Uploads going on at once: enough to hide a round trip, few enough to keep memory flat. */
const PARALLEL = 4;

/** Uploads pictures by HTTP and returns the id that names them in `datasets.import`. */
export async function upload(
  items: DroppedItems,
  { onProgress, signal }: OfferOptions = {},
): Promise<{ readonly sourceId: string }> {
  const started = await send('/uploads', { method: 'POST', signal });
  const { sourceId } = (await started.json()) as { readonly sourceId: string };
  const progress = { done: 0, total: 0, bytes: 0 };
  const report = () => onProgress?.({ ...progress } satisfies UploadProgress);
  const files = walk(items);
  // One generator, several readers: each takes the next file when it is free.
  const worker = async () => {
    for (let next = await files.next(); !next.done; next = await files.next()) {
      progress.total++;
      if (progress.total > limits.uploadFiles)
        fail('dataset.too-many-files', { files: progress.total, limit: limits.uploadFiles });
      report();
      await uploadFile(sourceId, next.value, signal);
      progress.done++;
      progress.bytes += next.value.file.size;
      report();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return { sourceId };
}

async function uploadFile(sourceId: string, { name, file }: NamedFile, signal: AbortSignal | undefined): Promise<void> {
  // A file too large for the studio is left out here; the rest of the folder is still welcome.
  if (file.size > limits.uploadFileBytes && !isArchiveName(name)) return;
  await send(`/uploads/${sourceId}/files?name=${encodeURIComponent(name)}`, { method: 'POST', body: file, signal });
}

async function send(
  path: string,
  { signal, ...init }: Omit<RequestInit, 'signal'> & { signal: AbortSignal | undefined },
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, ...(signal ? { signal } : {}) });
  } catch {
    return fail(signal?.aborted ? 'job.cancelled' : 'connection.lost');
  }
  if (response.ok) return response;
  throw await errorOf(response);
}

/** The studio's own error where the answer carries one. */
async function errorOf(response: Response): Promise<GanvasError> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = isErrorAnswer(body) ? body.error : undefined;
  return error
    ? fromErrorData(error)
    : new GanvasError('upload.failed', { problem: `${response.status} ${response.statusText}`.trim() });
}

function isErrorAnswer(body: unknown): body is { readonly error: ErrorData } {
  if (typeof body !== 'object' || body === null || !('error' in body)) return false;
  const { error } = body;
  return typeof error === 'object' && error !== null && 'code' in error && 'facts' in error;
}
