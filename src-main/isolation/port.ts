import { parentPort as threadPort } from 'node:worker_threads';

/** A worker file's way to whoever started it. */
export interface Port<Request, Reply> {
  listen(hear: (request: Request) => void): void;
  reply(reply: Reply): void;
  /** Ends the worker, once nothing else keeps it and all that it replied is on its way. */
  close(): void;
}

/** To a thread's starter, an Electron utility process's, or a Node process's. */
export function openPort<Request, Reply>(): Port<Request, Reply> {
  if (threadPort) {
    const thread = threadPort;
    return {
      listen: (hear) => void thread.on('message', hear),
      reply: (reply) => thread.postMessage(reply),
      close: () => thread.close(),
    };
  }
  // Its type knows Electron's processes alone.
  const utility: typeof process.parentPort | undefined = process.parentPort;
  if (utility) {
    return {
      listen: (hear) => void utility.on('message', ({ data }: { data: Request }) => hear(data)),
      reply: (reply) => utility.postMessage(reply),
      close: () => process.exit(),
    };
  }
  return processPort();
}

/** A terminal's Ctrl-C reaches every process of the program; what shall become of the work is for the first of them to say. */
const TERMINAL_SIGNALS = ['SIGINT', 'SIGHUP'] as const;

function processPort<Request, Reply>(): Port<Request, Reply> {
  // Its parent has let go of it, or died without ending it.
  process.on('disconnect', () => process.exit());
  for (const signal of TERMINAL_SIGNALS) process.on(signal, () => undefined);
  let unsent = 0;
  let closing = false;
  const endIfDone = (): void => {
    if (closing && unsent === 0) process.exit();
  };
  return {
    listen: (hear) => void process.on('message', (message) => hear(message as Request)),
    reply(reply) {
      unsent++;
      process.send?.(reply, undefined, undefined, () => {
        unsent--;
        endIfDone();
      });
    },
    close() {
      closing = true;
      endIfDone();
    },
  };
}
