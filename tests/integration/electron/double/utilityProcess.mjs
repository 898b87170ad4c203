// A TEST DOUBLE of Electron's `utilityProcess`: a Node process that finds `process.parentPort` as Electron's do.
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';

const PORT = new URL('./parentPort.mjs', import.meta.url).href;
/** Those that were started, for the test to look at. */
export const started = [];

export const utilityProcess = {
  fork(path, args, { serviceName }) {
    const child = new EventEmitter();
    const forked = fork(path, args, { execArgv: ['--import', PORT], serialization: 'advanced' });
    started.push({ serviceName, forked });
    forked.on('message', (message) => child.emit('message', message));
    forked.on('exit', (code) => child.emit('exit', code ?? 1));
    child.postMessage = (message) => void forked.send(message, () => undefined);
    child.kill = () => forked.kill();
    return child;
  },
};
