import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Ganvas's side of the benchmark, built into a folder; gives the file that probes import. */
export async function buildEntry(outDir) {
  await run(process.execPath, [script('build.mjs'), outDir]);
  return `${outDir}/entry.mjs`;
}

async function probe(entry, name) {
  const { stdout } = await run(process.execPath, ['--single-threaded-gc', script('memoryProbe.mjs'), entry, name]);
  return JSON.parse(stdout);
}

/** Bytes that training each case takes beyond a tiny recipe's process, measured and estimated, and the milliseconds of the estimate. */
export async function* measureMemory(entry, names) {
  const { peak: idle } = await probe(entry, 'tiny');
  for (const name of names) {
    const { peak, estimate, ms } = await probe(entry, name);
    yield { name, measured: peak - idle, estimated: estimate.total, ms };
  }
}
