import { startThread } from '../isolation/threads';
import type { RunningWorker, StartWorker } from '../isolation/worker';

interface Listener<Event> {
  /** Something the worker told. */
  readonly told: (event: Event) => void;
  /** The worker ended though nobody asked it to; the next request starts another. */
  readonly lost: (problem: string) => void;
}

/** One long-lived worker, a thread unless told, started with its first request. It ends by its own hand after a closing request. */
export class WorkerLink<Request extends { readonly kind: string }, Event> {
  readonly #file: URL;
  readonly #listener: Listener<Event>;
  readonly #startWorker: StartWorker<Request, Event>;
  #worker: RunningWorker<Request> | undefined;
  #closing: Promise<void> | undefined;
  #closed: () => void = () => undefined;

  constructor(file: URL, listener: Listener<Event>, start: StartWorker<Request, Event> = startThread) {
    this.#file = file;
    this.#listener = listener;
    this.#startWorker = start;
  }

  post(request: Request): void {
    this.#worker ??= this.#start();
    this.#worker.ask(request);
  }

  /** Sends the closing request, if a worker runs, and waits until it has ended. */
  async close(request: Request): Promise<void> {
    if (this.#worker && !this.#closing) {
      this.#closing = new Promise((resolve) => (this.#closed = resolve));
      this.#worker.ask(request);
    }
    await this.#closing;
  }

  /** Ends the worker amid its work, which is no loss; the next request starts another. Not for threads: ONNX Runtime aborts the whole process when that hits a step in flight. */
  kill(): void {
    this.#worker?.end();
    this.#worker = undefined;
    this.#closed();
  }

  #start(): RunningWorker<Request> {
    const worker = this.#startWorker(this.#file, {
      reply: (event) => this.#listener.told(event),
      ended: (problem) => {
        if (this.#worker === worker) this.#worker = undefined;
        if (this.#closing) this.#closed();
        else this.#listener.lost(problem);
      },
    });
    return worker;
  }
}
