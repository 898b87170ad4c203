import { kernelCode } from './kernelCode';

/** What kernel/index.ts exports. Pointers are places in `memory`, in bytes. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  readonly FREE: { readonly value: number };
  readonly readUnits: (
    channels: number,
    components: number,
    units: number,
    columns: number,
    every: number,
    ends: number,
    last: number,
  ) => number;
  readonly resample: (
    samples: number,
    stride: number,
    columns: number,
    from: number,
    weights: number,
    taps: number,
    size: number,
    made: number,
  ) => void;
}

/** TypeScript knows it as a part of the browser's library alone. */
interface WebAssembly {
  validate(code: Uint8Array): boolean;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssembly };

const CODE = Buffer.from(kernelCode, 'base64');
const PAGE = 1 << 16;
/** Numbers are read four at once. */
const ALIGNED = 16;
/** Memory that a large picture made larger than this is not kept. */
const KEPT = 1 << 25;

/**
 * The decoder's inner loops, and the memory that one picture after the other is decoded in: what one left there, the next overwrites. It is for work that does not wait
 * for anything, of which there is one at a time.
 */
class Kernel {
  #exports: Exports | undefined;
  #module: object | undefined;
  #runs: boolean | undefined;
  #free = 0;

  /** Lets go of all that was taken. False: this processor cannot compute four numbers at once. */
  begin(): boolean {
    this.#runs ??= WebAssembly.validate(CODE);
    if (!this.#runs) return false;
    if (this.#exports && this.#exports.memory.buffer.byteLength > KEPT) this.#exports = undefined;
    this.#free = this.#run().FREE.value;
    return true;
  }

  /** A place for so many bytes, of any value. Views of before may be of a memory that was too small: they are no good any more. */
  take(bytes: number): number {
    const { memory } = this.#run();
    const at = Math.ceil(this.#free / ALIGNED) * ALIGNED;
    this.#free = at + bytes;
    // What is read four at once may be read beyond its end.
    const missing = this.#free + ALIGNED - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  /** Takes a place for numbers and puts them there. */
  put(numbers: Uint8Array | Int32Array | Uint32Array | Float32Array): number {
    const at = this.take(numbers.byteLength);
    this.bytes(at, numbers.byteLength).set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength));
    return at;
  }

  bytes(at: number, length: number): Uint8Array {
    return new Uint8Array(this.#run().memory.buffer, at, length);
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.#run().memory.buffer, at, length);
  }

  /** See kernel/units.ts. */
  readUnits(...args: Parameters<Exports['readUnits']>): boolean {
    return this.#run().readUnits(...args) !== 0;
  }

  /** See kernel/resample.ts. */
  resample(...args: Parameters<Exports['resample']>): void {
    this.#run().resample(...args);
  }

  #run(): Exports {
    if (this.#exports) return this.#exports;
    this.#module ??= new WebAssembly.Module(CODE);
    // What it exports is known by its source alone; a test compiles that anew.
    this.#exports = new WebAssembly.Instance(this.#module).exports as Exports;
    return this.#exports;
  }
}

export const kernel = new Kernel();
