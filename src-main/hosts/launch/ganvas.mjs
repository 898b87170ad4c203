#!/usr/bin/env node
// The command line: `ganvas COMMAND`. Builds first when that is needed, then runs the built program in this process.
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
