// What a utility process of Electron's has and a forked Node process has not: its messages are events with `data`, and wait until somebody listens.
import { EventEmitter } from 'node:events';

const port = new EventEmitter();
port.postMessage = (message) => process.send(message);
port.once('newListener', (name) => {
  if (name === 'message') process.on('message', (data) => port.emit('message', { data }));
});
process.parentPort = port;
