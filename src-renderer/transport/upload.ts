import { fail, fromErrorData, GanvasError, toErrorData, type ErrorData } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { isArchiveName, isUnreadArchiveName } from '#shared/dataset/archiveName';
import { LENGTH_BYTES, type BatchAnswer, type BatchList } from '#shared/contract/uploadBatch';
import { isVideoName } from '#shared/dataset/videoName';
import type { LeftOutCode } from '#shared/dataset/leftOut';
import type { Offered, OfferOptions, UploadProgress } from './client';
import { inBrowsersWords, walk, type DroppedItems, type NamedFile } from './dropped';
import { LeftOutFiles } from './leftOutFiles';

/** Uploads going on at once: enough to hide a round trip, few enough to keep memory flat. */
const PARALLEL = 4;

const BEGINNING_BYTES = 4096;

/** Files up to here go many to a request: for them it takes longer than what is in it. */
const SMALL_BYTES = 512 * 1024;
const BATCH_BYTES = 2 * 1024 * 1024;

/** Uploads pictures by HTTP: the id that names them in `datasets.import`, and the files that could not be sent. One of those does not keep the others. */
export async function upload(items: DroppedItems, { onProgress, signal, made }: OfferOptions = {}): Promise<Offered> {
  const started = await send('/uploads', { method: 'POST', signal });
  const { sourceId } = (await started.json()) as { readonly sourceId: string };
  const report = (progress: UploadProgress) => onProgress?.(progress);
  const leftOut = new LeftOutFiles();
  const files = await found(items, leftOut, signal, report);
  const total = files.length + (made?.count ?? 0);
  let [done, bytes] = [0, 0];
  const sendOne = async (next: NamedFile) => {
    const sent = await uploadFile(sourceId, next, leftOut, signal);
    // Only now: others were sent meanwhile.
    bytes += sent;
    done++;
    report({ done, total: Math.max(total, done), bytes });
  };
  let failed = false;
  const sendTogether = async (batch: readonly NamedFile[]) => {
    const sent = batch.length > 1 ? await uploadBatch(sourceId, batch, leftOut, signal) : undefined;
    if (sent === undefined) {
      // After a failure elsewhere nothing more is sent.
      for (const next of batch) if (!failed) await sendOne(next);
      return;
    }
    bytes += sent;
    done += batch.length;
    report({ done, total: Math.max(total, done), bytes });
  };
  await sendAll(batches(files), sendTogether).catch((error: unknown) => {
    failed = true;
    throw error;
  });
  let count = files.length;
  const sendMade = (next: NamedFile) => {
    if (++count > limits.uploadFiles) fail('dataset.too-many-files', { files: count, limit: limits.uploadFiles });
    return sendOne(next);
  };
  if (made) await sendAll(made.files, sendMade);
  const videos = files.filter(({ name }) => isVideoName(name));
  return { sourceId, leftOut: leftOut.all, ...(videos.length > 0 && { videos }) };
}

/** All files, before the first is sent: only then it is known how many there are. */
async function found(
  items: DroppedItems,
  leftOut: LeftOutFiles,
  signal: AbortSignal | undefined,
  report: (progress: UploadProgress) => void,
): Promise<readonly NamedFile[]> {
  const files: NamedFile[] = [];
  for await (const file of walk(items)) {
    if (signal?.aborted) return fail('job.cancelled');
    if ('problem' in file) {
      leftOut.add(file.name, 'unreadable', file.problem);
      continue;
    }
    if (files.push(file) > limits.uploadFiles) {
      return fail('dataset.too-many-files', { files: files.length, limit: limits.uploadFiles });
    }
    report({ done: files.length, total: undefined, bytes: 0 });
  }
  return files;
}

/** Small files together, each other one alone. */
function* batches(files: readonly NamedFile[]): Generator<readonly NamedFile[], void> {
  let batch: NamedFile[] = [];
  let bytes = 0;
  for (const next of files) {
    const { size } = next.file;
    if (size > SMALL_BYTES) {
      yield [next];
      continue;
    }
    if (batch.length === limits.uploadBatchFiles || bytes + size > BATCH_BYTES) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(next);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** One list or generator, several readers: each takes the next file when it is free. */
async function sendAll<T>(files: Iterator<T> | AsyncIterator<T>, sendOne: (next: T) => Promise<void>): Promise<void> {
  const worker = async () => {
    for (let next = await files.next(); !next.done; next = await files.next()) await sendOne(next.value);
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, worker));
  } finally {
    // After a failure nothing more is asked for.
    void Promise.resolve(files.return?.()).catch(() => undefined);
  }
}

/** Bytes that were sent in one request; undefined where it failed and one of the files can no longer be read: alone, each says so itself. */
async function uploadBatch(
  sourceId: string,
  batch: readonly NamedFile[],
  leftOut: LeftOutFiles,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  const list: BatchList = batch.map(({ name, file: { size } }) => ({ name, size }));
  const body = new Blob([...prefaceOf(list), ...batch.map(({ file }) => file)]);
  try {
    const response = await send(`/uploads/${sourceId}/batch`, { method: 'POST', body, signal });
    const { refused } = (await response.json().catch(() => fail(signal?.aborted ? 'job.cancelled' : 'connection.lost'))) as BatchAnswer; // prettier-ignore
    let bytes = list.reduce((sum, { size }) => sum + size, 0);
    for (const { at, error } of refused) {
      const { name = '', size = 0 } = list[at] ?? {};
      bytes -= size;
      const { message } = toErrorData(fromErrorData(error));
      leftOut.add(name, error.code === 'upload.too-large' ? 'too-large' : 'name', message);
    }
    return bytes;
  } catch (error) {
    const { code } = toErrorData(error);
    // The host takes nothing of a list that does not agree with its files, as where one was changed since it was dropped.
    if (code === 'upload.failed') return undefined;
    if (code === 'connection.lost' && (await Promise.all(batch.map(({ file }) => whyUnreadable(file)))).some(Boolean))
      return undefined;
    throw error;
  }
}

/** What stands before the files' bytes: how long their list is, and the list. */
function prefaceOf(list: BatchList): Uint8Array<ArrayBuffer>[] {
  const text = new TextEncoder().encode(JSON.stringify(list));
  const length = new Uint8Array(LENGTH_BYTES);
  new DataView(length.buffer).setUint32(0, text.length, true);
  return [length, text];
}

/** Bytes that were sent; none of a file that is left out. */
async function uploadFile(
  sourceId: string,
  { name, file: whole }: NamedFile,
  leftOut: LeftOutFiles,
  signal: AbortSignal | undefined,
): Promise<number> {
  const isTooLarge = whole.size > limits.uploadFileBytes && !isArchiveName(name);
  if (isTooLarge && !isVideoName(name) && !isUnreadArchiveName(name)) {
    leftOut.add(name, 'too-large', `${whole.size} bytes; at most ${limits.uploadFileBytes} are read`);
    return 0;
  }
  // Of a video within a folder, or of an archive that is not opened, the beginning is enough: the report names it, and says what to do.
  const file = isTooLarge ? whole.slice(0, BEGINNING_BYTES) : whole;
  try {
    await send(`/uploads/${sourceId}/files?name=${encodeURIComponent(name)}`, { method: 'POST', body: file, signal });
    return file.size;
  } catch (error) {
    const refusal = await refusalOf(error, file);
    if (!refusal) throw error;
    leftOut.add(name, refusal.code, refusal.detail);
    return 0;
  }
}

/** fetch fails alike for a connection and for a file that went, or was changed, since it was dropped: undefined where the file can be read. */
const whyUnreadable = (file: Blob): Promise<string | undefined> =>
  file.slice(0, limits.uploadFileBytes).arrayBuffer().then(() => undefined, inBrowsersWords); // prettier-ignore

/** Why this file alone was not sent; undefined for what concerns the whole upload. */
async function refusalOf(
  error: unknown,
  file: Blob,
): Promise<{ readonly code: LeftOutCode; readonly detail: string } | undefined> {
  const { code, message } = toErrorData(error);
  if (code === 'upload.name-refused') return { code: 'name', detail: message };
  if (code === 'upload.too-large') return { code: 'too-large', detail: message };
  if (code !== 'connection.lost') return undefined;
  const problem = await whyUnreadable(file);
  return problem === undefined ? undefined : { code: 'unreadable', detail: problem };
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
