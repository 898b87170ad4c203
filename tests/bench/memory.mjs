/** Memory of training, estimated against measured, each case in a fresh process: `node tests/bench/memory.mjs [CASE…]`, cases as `memoryCase` reads them. */
import { fileURLToPath } from 'node:url';
import { buildEntry, measureMemory } from './measureMemory.mjs';

const usual = ['dcgan-32', 'studio-32', 'dcgan-64', 'studio-64'].flatMap((name) => [`${name}/16`, `${name}/64`]);
const cases = [
  ...usual,
  'dcgan/64/64/32',
  'residual/32/16/32',
  'studio-128/16',
  'vae-64/64',
  'studio-64/64x4',
  'studio-32/64+gp',
];
const TOLERANCE = 0.2;

const entry = await buildEntry(fileURLToPath(new URL('../artifacts/memory', import.meta.url)));
const chosen = process.argv.slice(2);
const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MB`.padStart(10);
console.log(['case'.padEnd(20), '  measured', ' estimated', '  apart', '  time'].join(' '));
for await (const { name, measured, estimated, ms } of measureMemory(entry, chosen.length > 0 ? chosen : cases)) {
  const apart = estimated / measured - 1;
  const percent = `${(100 * apart).toFixed(0)} %`.padStart(7);
  console.log([name.padEnd(20), megabytes(measured), megabytes(estimated), percent, `${ms.toFixed(0)} ms`].join(' '));
  if (Math.abs(apart) > TOLERANCE) process.exitCode = 1;
}
if (process.exitCode) console.log(`FAILED: an estimate is more than ${100 * TOLERANCE} % off.`);
