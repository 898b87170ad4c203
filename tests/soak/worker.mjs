// The built training worker, measured from inside: sessions that are open, and garbage that is taken out.
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { collectGarbage } from './collectGarbage.mjs';

/** After so many steps, or so long where none are made: a fast machine gives as many measurements as a slow one. */
const MEASURE_EVERY_STEPS = 10;
const MEASURE_EVERY_MS = 200;
const LOOK_EVERY_MS = 10;
const { InferenceSession } = createRequire(import.meta.url)('onnxruntime-node');
let open = 0;
let steps = 0;
const create = InferenceSession.create.bind(InferenceSession);
InferenceSession.create = async (...model) => {
  const session = await create(...model);
  const release = session.release.bind(session);
  const run = session.run.bind(session);
  session.run = (...inputs) => {
    steps++;
    return run(...inputs);
  };
  open++;
  session.release = async () => {
    await release();
    open--;
  };
  return session;
};

await import('../../out/main/trainer.js');
// Between two steps, as messages are heard. It keeps no worker alive that is done.
let last = { steps: 0, ms: performance.now() };
setInterval(() => {
  const now = { steps, ms: performance.now() };
  if (now.steps - last.steps < MEASURE_EVERY_STEPS && now.ms - last.ms < MEASURE_EVERY_MS) return;
  last = now;
  collectGarbage();
  parentPort.postMessage({ kind: 'measured', sessions: open });
}, LOOK_EVERY_MS).unref();
