// A worker for tests whose first step hangs: it tells that it trains (or, from seed 0 on, is paused), then blocks its thread (or its process) for as many milliseconds as its
// run's batch size says, as a driver that is reset does. Then it goes on with its messages.
import { parentPort } from 'node:worker_threads';

const port = parentPort ?? {
  on: (_, hear) => process.on('message', hear),
  postMessage: (message) => process.send(message),
  close: () => process.exit(),
};
const engine = { engine: 'compiled', provider: 'webgpu', device: 'a hanging one' };
const hang = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

port.on('message', ({ kind, run }) => {
  if (kind === 'close') port.close();
  if (kind === 'stop') port.postMessage({ kind: 'stopped', reason: 'user', step: 8 });
  if (kind !== 'start') return;
  port.postMessage({ kind: 'training', engine, step: 0, goal: 10 });
  port.postMessage({ kind: 'report', report: { step: 7, msPerStep: 1 }, goal: 10, secondsLeft: 0 });
  if (run.seed === 0) port.postMessage({ kind: 'paused', step: 7 });
  hang(run.batchSize);
  port.postMessage({ kind: 'report', report: { step: 8, msPerStep: 1 }, goal: 10, secondsLeft: 0 });
});
