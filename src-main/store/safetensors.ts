import { z } from 'zod';
import { limits } from '#shared/contract/limits';

/** The element types that Ganvas keeps, of those that the format knows. */
const arrays = { U8: Uint8Array, I32: Int32Array, U32: Uint32Array, F32: Float32Array, F64: Float64Array } as const;
type Dtype = keyof typeof arrays;
export type SavedArray = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array;

export interface SavedTensor<Data extends SavedArray = SavedArray> {
  readonly shape: readonly number[];
  readonly data: Data;
}

export interface Safetensors<Data extends SavedArray = SavedArray> {
  readonly tensors: ReadonlyMap<string, SavedTensor<Data>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Thrown for bytes that are no sound safetensors file; `message` says what is wrong. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}

/** The safetensors format (huggingface/safetensors, “Format”): u64 little-endian header length, JSON header, tensors without gaps. */
const LENGTH_BYTES = 8;
const METADATA = '__metadata__';

const Entry = z.strictObject({
  dtype: z.enum(Object.keys(arrays) as Dtype[]),
  shape: z.array(z.int().min(0)).max(16),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});
const Metadata = z.record(z.string(), z.string());

const dtypeOf = (data: SavedArray): Dtype =>
  (Object.keys(arrays) as Dtype[]).find((dtype) => data instanceof arrays[dtype]) as Dtype;
const elements = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/** Encodes tensors in their map's order. Throws RangeError when a shape and its data disagree: a defect of the caller. */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array {
  const entries: [string, unknown][] = Object.keys(metadata).length > 0 ? [[METADATA, metadata]] : [];
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    if (elements(shape) !== data.length) throw new RangeError(`${name}: ${data.length} numbers, shape [${shape}]`);
    const start = end;
    end += data.byteLength;
    entries.push([name, { dtype: dtypeOf(data), shape, data_offsets: [start, end] }]);
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

/** As {@link decodeSafetensors}, for files that hold float32 alone. */
export function decodeFloats(bytes: Uint8Array): Safetensors<Float32Array> {
  const { tensors, metadata } = decodeSafetensors(bytes);
  for (const [name, { data }] of tensors) {
    if (!(data instanceof Float32Array)) throw new SafetensorsError(`${name} is not float32`);
  }
  return { tensors: tensors as ReadonlyMap<string, SavedTensor<Float32Array>>, metadata };
}

/**
 * Decodes a file that may come from anywhere. The tensors must cover the rest of the file exactly, without gap or overlap, as the format asks:
 * that also bounds what is allocated by the file's own size. Throws {@link SafetensorsError}.
 */
export function decodeSafetensors(bytes: Uint8Array): Safetensors {
  const header = readHeader(bytes);
  const body = bytes.subarray(LENGTH_BYTES + header.bytes);
  const tensors = new Map<string, SavedTensor>();
  // An empty tensor begins where the next one does, and JSON objects do not keep the order of names such as “0”.
  const ordered = [...header.entries].sort(
    ([, { data_offsets: a }], [, { data_offsets: b }]) => a[0] - b[0] || a[1] - b[1],
  );
  let position = 0;
  for (const [name, { dtype, shape, data_offsets }] of ordered) {
    const [start, end] = data_offsets;
    if (start !== position) throw new SafetensorsError(`${name} begins at ${start}, not at ${position}`);
    if (end - start !== elements(shape) * arrays[dtype].BYTES_PER_ELEMENT || end > body.length) {
      throw new SafetensorsError(`${name} has the wrong size`);
    }
    // A copy: the file's bytes need not be aligned to the element, and are let go.
    const data = new arrays[dtype](elements(shape));
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
