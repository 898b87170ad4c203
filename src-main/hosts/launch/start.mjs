// `npm start`: the desktop window where there can be one, else the studio in the browser. Builds first when that is needed.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureBuilt, root } from './build.mjs';
import { electronBinary, whyNoWindow } from './desktop.mjs';

const USAGE = `Usage: npm start -- [--web | --desktop] [--port N] [--no-open]

  --web       serve the studio to the browser of this machine
  --desktop   open the desktop window, or say why it cannot be opened
  --port N    the web host's port; any free one by default
  --no-open   only print the web host's link`;

/** A window that fails this soon never was one, for instance where the system forbids Chromium's sandbox. */
const FAILED_START_MS = 10_000;

const options = readOptions();
try {
  await ensureBuilt();
} catch (error) {
  stop(2, error.message);
}
const { binary, reason } = findWindow();
if (options.web || (reason && !options.desktop)) {
  if (!options.web) console.log(`No desktop window: ${reason}. Serving the studio to the browser instead.`);
  await serveWeb();
} else if (reason) {
  stop(1, `The desktop window cannot be opened: ${reason}.`);
} else {
  await openWindow(binary);
}

function readOptions() {
  const boolean = { type: 'boolean' };
  try {
    const { values } = parseArgs({
      options: { web: boolean, desktop: boolean, 'no-open': boolean, help: boolean, port: { type: 'string' } },
    });
    if (values.help) stop(0, USAGE);
    const port = Number(values.port ?? 0);
    if (!/^\d{0,5}$/.test(values.port ?? '') || port > 65_535) stop(1, `--port cannot be ${values.port}.\n${USAGE}`);
    if (values.web && values.desktop) stop(1, `Either --web or --desktop.\n${USAGE}`);
    return { ...values, port };
  } catch (error) {
    return stop(1, `${error.message}\n${USAGE}`);
  }
}

function findWindow() {
  const { platform, env } = process;
  let packageFolder;
  try {
    packageFolder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return { binary: undefined, reason: 'Electron is not installed' };
  }
  const binary = electronBinary(packageFolder, env);
  return { binary, reason: whyNoWindow({ binary, platform, env, userId: process.getuid?.() }) };
}

async function openWindow(binary) {
  // Set in some editors' terminals, it would make Electron a plain Node.
  const env = { ...process.env };
  delete env.ELECTRON_RUN_AS_NODE;
  const began = performance.now();
  // As the scripts do for Node; the reason stands in ganvas.mjs.
  const child = spawn(binary, ['--js-flags=--single-threaded-gc', root], { stdio: 'inherit', env });
  // Ctrl+C reaches the window too; it ends when its run has stopped at a checkpoint.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const ending = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  if (ending === 0) return;
  if (options.desktop || performance.now() - began > FAILED_START_MS)
    stop(2, `The desktop window ended with ${ending}.`);
  console.log(`The desktop window could not start (${ending}). Serving the studio to the browser instead.`);
  process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM');
  await serveWeb();
}

/** In this process: the web host reads its own options from the command line. */
async function serveWeb() {
  const entry = join(root, 'out/main/web.js');
  process.argv = [process.argv[0], entry, '--port', String(options.port), ...(options['no-open'] ? ['--no-open'] : [])];
  await import(pathToFileURL(entry).href);
}

function stop(code, text) {
  (code === 0 ? console.log : console.error)(text);
  process.exit(code);
}
