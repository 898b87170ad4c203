import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { refuse, type PictureWorkers } from './picture';
import type { DecodeReply, DecodeRequest } from './protocol';

export interface PoolOptions {
  /** The built worker. */
  readonly file: URL;
  readonly workers?: number;
  readonly decoder?: 'native' | 'wasm';
  readonly timeoutMs?: number;
}

/** How a request ended: an answer, or the worker's end. */
type Ending =
  | { readonly kind: 'reply'; readonly reply: DecodeReply }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'crash'; readonly problem: string };

/**
 * sharp's native build crashes under Electron on Linux (its GLib meets GTK's), so there its WebAssembly build runs, at a third of the speed.
 */
export function preferredDecoder(): 'native' | 'wasm' {
  return process.versions['electron'] !== undefined && process.platform === 'linux' ? 'wasm' : 'native';
}

/** Opens worker threads for pictures, started as they are needed. A worker that overruns its time or dies is replaced; its picture is refused. */
export function openPool({
  file,
  workers = Math.min(4, availableParallelism()),
  decoder = preferredDecoder(),
  timeoutMs = limits.decodeTimeoutMs,
}: PoolOptions): PictureWorkers {
  const seats = Array.from({ length: workers }, () => new Seat(file, decoder));
  const free = [...seats];
  const waiting: ((seat: Seat) => void)[] = [];
  let closed = false;

  async function withSeat(request: DecodeRequest, transfer: ArrayBuffer[]): Promise<Ending> {
    const seat = free.pop() ?? (await new Promise<Seat>((taken) => waiting.push(taken)));
    try {
      if (closed) return { kind: 'crash', problem: 'it was closed' };
      return await seat.ask(request, transfer, timeoutMs);
    } finally {
      const next = waiting.shift();
      if (next) next(seat);
      else free.push(seat);
    }
  }

  return {
    // One more than there are workers, so that none waits for the next file to be read.
    parallel: workers + 1,
    async decode(bytes, options) {
      const ending = await withSeat({ kind: 'decode', bytes, options }, [bytes.buffer]);
      if (ending.kind === 'timeout') return refuse('timeout', `not decoded within ${timeoutMs} ms`);
      if (ending.kind === 'crash') return refuse('corrupt', `the decoder crashed: ${ending.problem}`);
      return ending.reply.kind === 'decoded' ? ending.reply.outcome : failReply(ending.reply);
    },
    async encodeWebp(picture) {
      const ending = await withSeat({ kind: 'encodeWebp', picture }, []);
      if (ending.kind !== 'reply') return fail('defect', { problem: `the WebP encoder ended by ${ending.kind}` });
      return ending.reply.kind === 'encoded' ? ending.reply.bytes : failReply(ending.reply);
    },
    async close() {
      closed = true;
      await Promise.all(seats.map((seat) => seat.close()));
    },
  };
}

function failReply(reply: DecodeReply): never {
  return fail('defect', { problem: reply.kind === 'failed' ? reply.problem : `unexpected ${reply.kind}` });
}

/** A place for one worker at a time, which answers one request at a time. */
class Seat {
  readonly #file: URL;
  readonly #decoder: 'native' | 'wasm';
  #worker: Promise<Worker> | undefined;
  /** The worker that sits here now, also before it is ready. */
  #current: Worker | undefined;
  /** Ends the request in flight. */
  #end: ((ending: Ending) => void) | undefined;

  constructor(file: URL, decoder: 'native' | 'wasm') {
    this.#file = file;
    this.#decoder = decoder;
  }

  async ask(request: DecodeRequest, transfer: ArrayBuffer[], timeoutMs: number): Promise<Ending> {
    // The clock starts after the worker's own start, which on a busy machine takes seconds.
    const worker = await (this.#worker ??= this.#start());
    const ending = await new Promise<Ending>((resolve) => {
      const timer = setTimeout(() => resolve({ kind: 'timeout' }), timeoutMs);
      this.#end = (end) => {
        clearTimeout(timer);
        resolve(end);
      };
      worker.postMessage(request, transfer);
    });
    this.#end = undefined;
    if (ending.kind !== 'reply') {
      this.#worker = undefined;
      // Not awaited: it returns only when the native decoder lets go.
      void worker.terminate();
    }
    return ending;
  }

  /** Starts a worker and waits for its `ready`. One that cannot even start is a defect, not a picture's fault. */
  async #start(): Promise<Worker> {
    // Without native addons, sharp falls back to its WebAssembly build. A worker refuses V8's own flags, which hold for the whole process anyway.
    const inherited = process.execArgv.filter((flag) => flag !== '--single-threaded-gc');
    const execArgv = this.#decoder === 'wasm' ? [...inherited, '--no-addons'] : inherited;
    const worker = new Worker(this.#file, { execArgv });
    const first = new Promise<Ending>((resolve) => (this.#end = resolve));
    // A worker that was replaced is no longer listened to.
    const end = (ending: Ending): void => void (this.#current === worker && this.#end?.(ending));
    this.#current = worker;
    worker.on('message', (reply: DecodeReply) => end({ kind: 'reply', reply }));
    worker.on('error', (error) => end({ kind: 'crash', problem: String(error) }));
    worker.on('exit', (code) => {
      end({ kind: 'crash', problem: `it left with code ${code}` });
      if (this.#current === worker) this.#worker = undefined;
    });
    const started = await first;
    if (started.kind === 'reply') return worker;
    this.#worker = undefined;
    const problem = started.kind === 'crash' ? started.problem : started.kind;
    return fail('defect', { problem: `the decoding worker did not start: ${problem}` });
  }

  async close(): Promise<void> {
    const worker = await this.#worker?.catch(() => undefined);
    this.#worker = undefined;
    await worker?.terminate();
  }
}
