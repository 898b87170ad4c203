import type { Readable } from 'node:stream';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { BatchList, LENGTH_BYTES } from '#shared/contract/uploadBatch';

/** The files that a page sends in one request, as views of its body. `upload.failed` where list and bytes do not agree, or there are too many. */
export async function filesOfBatch(
  body: Readable,
): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]> {
  const bytes = await wholeOf(body, LENGTH_BYTES + limits.uploadBatchListBytes + limits.uploadBatchBytes);
  const end = bytes.length < LENGTH_BYTES ? 0 : LENGTH_BYTES + bytes.readUInt32LE();
  if (end > LENGTH_BYTES + limits.uploadBatchListBytes || bytes.length - end > limits.uploadBatchBytes) tooMuch();
  const list = BatchList.safeParse(parsed(bytes.toString('utf8', LENGTH_BYTES, end))).data;
  if (!list || end + list.reduce((sum, { size }) => sum + size, 0) !== bytes.length) {
    return fail('upload.failed', { problem: 'its list of files is damaged' });
  }
  let from = end;
  return list.map(({ name, size }) => ({ name, bytes: bytes.subarray(from, (from += size)) }));
}

const tooMuch = () => fail('upload.failed', { problem: 'there is too much in one request' });

async function wholeOf(body: Readable, most: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > most) tooMuch();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
