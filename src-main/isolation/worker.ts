/** What is heard of a running worker: its replies, in their order, and how it ended, unless it was ended. */
export interface WorkerEvents<Reply> {
  reply(reply: Reply): void;
  ended(problem: string): void;
}

/** A worker file that runs apart from the program's main thread. */
export interface RunningWorker<Request> {
  ask(request: Request): void;
  /** Ends it at once, amid its work; nothing is heard of it afterwards. */
  end(): void;
}

/** A way to run a worker file (see port.ts, through which the file itself hears and replies). */
export type StartWorker<Request, Reply> = (file: URL, events: WorkerEvents<Reply>) => RunningWorker<Request>;

/** The same, whatever the worker's language. */
export type StartAnyWorker = <Request, Reply>(file: URL, events: WorkerEvents<Reply>) => RunningWorker<Request>;
