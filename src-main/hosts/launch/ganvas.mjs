#!/usr/bin/env -S node --single-threaded-gc
// The command line: `ganvas COMMAND`. Builds first when that is needed, then runs the built program in this process.
//
// --single-threaded-gc (here, in package.json's scripts and for Electron): a training step holds every core with ONNX Runtime's threads, and
// hands out megabytes of arrays, so that V8 marks its heap every few steps; its helper threads, doing that, take turns with a step's own threads.
// `node tests/bench/run.mjs` with and without the flag tells what that is worth on a machine: most at small batches.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { ensureBuilt, root } from './build.mjs';

try {
  await ensureBuilt();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
// `npm run` changes to the package's folder; the paths on the command line are meant from where the user is.
if (process.env.npm_lifecycle_event === 'ganvas' && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
await import(pathToFileURL(join(root, 'out/main/cli.js')).href);
