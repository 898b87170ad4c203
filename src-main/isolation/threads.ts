import { Worker, type WorkerOptions } from 'node:worker_threads';
import type { RunningWorker, WorkerEvents } from './worker';

/**
 * A worker in a thread of this process, which a native crash in it takes along. Ending it amid native code is the caller's risk: ONNX Runtime aborts the process
 * when that hits a step in flight. `transferred`: what a request hands over instead of copying it.
 */
export function startThread<Request, Reply>(
  file: URL,
  { reply, ended }: WorkerEvents<Reply>,
  options: WorkerOptions = {},
  transferred: (request: Request) => ArrayBuffer[] = () => [],
): RunningWorker<Request> {
  const worker = new Worker(file, options);
  let problem: string | undefined;
  worker.on('message', (message: Reply) => reply(message));
  // 'exit' follows 'error'.
  worker.on('error', (error) => (problem = error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => ended(problem ?? `it left with code ${code}`));
  return {
    ask: (request) => worker.postMessage(request, transferred(request)),
    end() {
      worker.removeAllListeners();
      worker.on('error', () => undefined);
      // Not awaited: it returns only when the worker lets go.
      void worker.terminate();
    },
  };
}
