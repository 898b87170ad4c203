import { Worker } from 'node:worker_threads';

interface Listener<Event> {
  /** Something the worker told. */
  readonly told: (event: Event) => void;
  /** The worker ended though nobody asked it to; the next request starts another. */
  readonly lost: (problem: string) => void;
}

/**
 * One long-lived worker thread, started with its first request. It is never terminated from here: ONNX Runtime aborts the whole process when
 * that hits a step in flight. It ends by its own hand after a closing request.
 */
export class WorkerLink<Request extends { readonly kind: string }, Event> {
  readonly #file: URL;
  readonly #listener: Listener<Event>;
  #worker: Worker | undefined;
  #closing: Promise<void> | undefined;

  constructor(file: URL, listener: Listener<Event>) {
    this.#file = file;
    this.#listener = listener;
  }

  post(request: Request): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(request);
  }

  /** Sends the closing request, if a worker runs, and waits until it has ended. */
  async close(request: Request): Promise<void> {
    const worker = this.#worker;
    if (worker && !this.#closing) {
      this.#closing = new Promise((resolve) => worker.once('exit', () => resolve()));
      worker.postMessage(request);
    }
    await this.#closing;
  }

  #start(): Worker {
    const worker = new Worker(this.#file);
    let problem: string | undefined;
    worker.on('message', (event: Event) => this.#listener.told(event));
    // 'exit' follows 'error'.
    worker.on('error', (error) => (problem = error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => {
      if (this.#worker === worker) this.#worker = undefined;
      if (!this.#closing) this.#listener.lost(problem ?? `it left with code ${code}`);
    });
    return worker;
  }
}
