// A worker for tests that dies at its first message.
import { parentPort } from 'node:worker_threads';

parentPort.once('message', () => {
  throw new Error('out of memory, say');
});
