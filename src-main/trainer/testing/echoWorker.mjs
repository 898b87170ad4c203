// A worker for tests: says what it is told, dies when told to, ends by closing its port.
import { parentPort } from 'node:worker_threads';

parentPort.on('message', (request) => {
  if (request.kind === 'die') throw new Error('told to die');
  if (request.kind === 'leave') process.exit(7);
  if (request.kind === 'close') parentPort.close();
  else parentPort.postMessage(request);
});
