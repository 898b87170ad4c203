import type { Decoder, DecoderKind } from './decoder';
import type { DecodeReply, DecodeRequest } from './protocol';

/** How a request ended: with an answer, with its decoder, or because none starts. */
export type Ending =
  | { readonly kind: 'reply'; readonly reply: DecodeReply }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'crash'; readonly problem: string }
  | { readonly kind: 'no-decoder'; readonly problem: string };

export const CLOSED: Ending = { kind: 'crash', problem: 'it was closed' };

interface Task {
  readonly request: DecodeRequest;
  readonly resolve: (ending: Ending) => void;
}

/** A place for one decoder at a time, started with the first request, and again after one that overran its time or died. */
export class Seat {
  readonly #file: URL;
  readonly #kind: DecoderKind;
  readonly #timeoutMs: number;
  /** The first is at work, once the decoder is ready. */
  readonly #tasks: Task[] = [];
  #decoder: Decoder | undefined;
  #ready = false;
  /** Whether it loads the picture library: what goes wrong then is no picture's fault. */
  #loading = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(file: URL, kind: DecoderKind, timeoutMs: number) {
    this.#file = file;
    this.#kind = kind;
    this.#timeoutMs = timeoutMs;
  }

  /** Requests that it has not answered. */
  get load(): number {
    return this.#tasks.length;
  }

  ask(request: DecodeRequest): Promise<Ending> {
    return new Promise((resolve) => {
      this.#tasks.push({ request, resolve });
      if (this.#ready) this.#decoder?.ask(request);
      if (this.#ready && this.#tasks.length === 1) this.#watch();
      if (!this.#decoder) this.#start();
    });
  }

  close(): void {
    this.#end();
    for (const { resolve } of this.#tasks.splice(0)) resolve(CLOSED);
  }

  #start(): void {
    const decoder = this.#kind.start(this.#file, {
      reply: (reply) => this.#hear(reply),
      ended: (problem) => void (this.#decoder === decoder && this.#lose({ kind: 'crash', problem })),
    });
    this.#decoder = decoder;
  }

  #hear(reply: DecodeReply): void {
    this.#loading = reply.kind === 'loading';
    if (reply.kind === 'ready') this.#begin();
    else if (reply.kind === 'loading') clearTimeout(this.#timer);
    // Each piece of a large file, and each step of an animation, has its own time.
    else if (reply.kind === 'working') this.#watch();
    else this.#finish(reply);
  }

  #begin(): void {
    this.#ready = true;
    for (const { request } of this.#tasks) this.#decoder?.ask(request);
    this.#watch();
  }

  /** The clock of the first task; it does not run while a decoder starts or loads its library, which on a busy machine takes seconds. */
  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#tasks.length > 0) this.#timer = setTimeout(() => this.#lose({ kind: 'timeout' }), this.#timeoutMs);
  }

  #finish(reply: DecodeReply): void {
    this.#tasks.shift()?.resolve({ kind: 'reply', reply });
    this.#watch();
  }

  /** The decoder is done for: the first task with it, and the others go to the next decoder. */
  #lose(ending: Extract<Ending, { kind: 'timeout' | 'crash' }>): void {
    const started = this.#ready && !this.#loading;
    this.#end();
    if (started) {
      this.#tasks.shift()?.resolve(ending);
      if (this.#tasks.length > 0) this.#start();
    } else if (ending.kind === 'crash') {
      for (const { resolve } of this.#tasks.splice(0)) resolve({ kind: 'no-decoder', problem: ending.problem });
    }
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#decoder?.end();
    this.#decoder = undefined;
    this.#ready = false;
    this.#loading = false;
  }
}
