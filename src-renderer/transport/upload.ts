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
  const report = (progress: UploadProgress) => onProgress?.(progress);
  const files = await found(items, signal, report);
  let [done, bytes] = [0, 0];
  const waiting = files.values();
  // One list, several readers: each takes the next file when it is free.
  const worker = async () => {
    for (const next of waiting) {
      await uploadFile(sourceId, next, signal);
      done++;
      bytes += next.file.size;
      report({ done, total: files.length, bytes });
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return { sourceId };
}

/** All files, before the first is sent: only then it is known how many there are. */
async function found(
  items: DroppedItems,
  signal: AbortSignal | undefined,
  report: (progress: UploadProgress) => void,
): Promise<readonly NamedFile[]> {
  const files: NamedFile[] = [];
  for await (const file of walk(items)) {
    if (signal?.aborted) return fail('job.cancelled');
    if (files.push(file) > limits.uploadFiles) {
      return fail('dataset.too-many-files', { files: files.length, limit: limits.uploadFiles });
    }
    report({ done: files.length, total: undefined, bytes: 0 });
  }
  return files;
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
