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
await import(pathToFileURL(join(root, 'out/main/cli.js')).href);
