// The built training worker, measured from inside: sessions that are open, and garbage that is taken out.
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { collectGarbage } from './collectGarbage.mjs';

const MEASURE_EVERY_MS = 200;
const { InferenceSession } = createRequire(import.meta.url)('onnxruntime-node');
let open = 0;
const create = InferenceSession.create.bind(InferenceSession);
InferenceSession.create = async (...model) => {
  const session = await create(...model);
  const release = session.release.bind(session);
  open++;
  session.release = async () => {
    await release();
    open--;
  };
  return session;
};

await import('../../out/main/trainer.js');
// Between two steps, as messages are heard. It keeps no worker alive that is done.
setInterval(() => {
  collectGarbage();
  parentPort.postMessage({ kind: 'measured', sessions: open });
}, MEASURE_EVERY_MS).unref();
