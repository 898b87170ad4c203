import { z } from 'zod';
import { limits } from '#shared/contract/limits';

/** One float32 tensor. */
export interface SavedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, SavedTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Thrown for bytes that are no sound safetensors file; `message` says what is wrong. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

/**
 * The safetensors format (huggingface/safetensors, “Format”): u64 little-endian header length, JSON header, tensors without gaps.
 * Float32 alone: it is all that Ganvas keeps.
 */
const LENGTH_BYTES = 8;
const METADATA = '__metadata__';
const FLOAT_BYTES = 4;

const Entry = z.strictObject({
  dtype: z.literal('F32'),
  shape: z.array(z.int().min(0)).max(16),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const Metadata = z.record(z.string(), z.string());

const elements = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** Encodes tensors in their map's order. Throws RangeError when a shape and its data disagree: a defect of the caller. */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    if (elements(shape) !== data.length) throw new RangeError(`${name}: ${data.length} numbers, shape [${shape}]`);
    const start = end;
    end += data.byteLength;
    entries.push([name, { dtype: 'F32', shape, data_offsets: [start, end] }]);
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  // Padded with spaces, so that the tensors begin at a multiple of 8.
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(LENGTH_BYTES + headerBytes + end, ' ');
  bytes.writeBigUInt64LE(BigInt(headerBytes));
  json.copy(bytes, LENGTH_BYTES);
  let position = LENGTH_BYTES + headerBytes;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/**
 * Decodes a file that may come from anywhere. The tensors must cover the rest of the file exactly, without gap or overlap, as the format asks:
 * that also bounds what is allocated by the file's own size. Throws {@link SafetensorsError}.
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const header = readHeader(bytes);
  const body = bytes.subarray(LENGTH_BYTES + header.bytes);
  const tensors = new Map<string, SavedTensor>();
  const ordered = [...header.entries].sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
  let position = 0;
  for (const [name, { shape, data_offsets }] of ordered) {
    const [start, end] = data_offsets;
    if (start !== position) throw new SafetensorsError(`${name} begins at ${start}, not at ${position}`);
    if (end - start !== elements(shape) * FLOAT_BYTES || end > body.length) {
      throw new SafetensorsError(`${name} has the wrong size`);
    }
    // A copy: the file's bytes need not be aligned to float32, and are let go.
    const data = new Float32Array(elements(shape));
    new Uint8Array(data.buffer).set(body.subarray(start, end));
    tensors.set(name, { shape, data });
    position = end;
  }
  if (position !== body.length) throw new SafetensorsError(`${body.length - position} bytes are left over`);
  return { tensors, metadata: header.metadata };
}

interface Header {
  readonly bytes: number;
  readonly entries: readonly (readonly [string, z.output<typeof Entry>])[];
  readonly metadata: Readonly<Record<string, string>>;
}

function readHeader(bytes: Uint8Array): Header {
  if (bytes.length < LENGTH_BYTES) throw new SafetensorsError('the file is too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  const limit = Math.min(bytes.length - LENGTH_BYTES, limits.safetensorsHeaderBytes);
  if (length > BigInt(limit)) throw new SafetensorsError(`the header claims ${length} bytes`);
  const json = Buffer.from(bytes.buffer, bytes.byteOffset + LENGTH_BYTES, Number(length)).toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new SafetensorsError('the header is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new SafetensorsError('the header is not an object');
  }
  const entries: [string, z.output<typeof Entry>][] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of Object.entries(parsed)) {
    if (name === METADATA) metadata = checked(Metadata, name, value);
    else entries.push([name, checked(Entry, name, value)]);
  }
  return { bytes: Number(length), entries, metadata };
}

function checked<T>(schema: z.ZodType<T>, name: string, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SafetensorsError(`${name} is not described as the format asks`);
}
