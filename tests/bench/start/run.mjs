/**
 * What it takes from “start” to the first step, for each preset in colour on the CPU: the first time on a machine, when the forms of heavy operators are timed, and
 * the next times, each in a process of its own. `node tests/bench/start/run.mjs [--preset NAME …] [--rounds N] [--threads N]`
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';

const { values: options } = parseArgs({
  options: {
    preset: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: String(Math.min(2, cpus().length)) },
  },
});
const GOAL_MS = 1000;

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const outDir = here('../../artifacts/bench-start');
const builder = spawn(process.execPath, [here('../build.mjs'), outDir, 'tests/bench/start/entry.ts'], {
  stdio: 'inherit',
});
const [code] = await once(builder, 'exit');
if (code !== 0) throw new Error('the benchmark could not be built');
const entry = join(outDir, 'entry.mjs');
const { presets } = await import(pathToFileURL(entry).href);

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];

async function start(home, preset) {
  const args = ['--single-threaded-gc', here('./probe.mjs'), entry, home, preset, options.threads];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout);
}

console.log(
  `From the order to the first step; ${options.threads} threads; load ${loadavg()[0].toFixed(2)} at the start; ms, of the next starts the median of ${options.rounds}.`,
);
for (const preset of options.preset ?? presets.map(({ id }) => id)) {
  const home = mkdtempSync(join(tmpdir(), 'ganvas-start-'));
  try {
    const first = await start(home, preset);
    const next = [];
    for (let round = 0; round < Number(options.rounds); round++) next.push(await start(home, preset));
    const ms = median(next.map((one) => one.ms));
    const phases = next[0].phases.map(({ phase }, index) => {
      return `${phase} ${median(next.map((one) => one.phases[index]?.ms ?? 0)).toFixed(0)}`;
    });
    const cpuMs = median(next.map((one) => one.cpuMs));
    const verdict = ms <= GOAL_MS ? '' : `  above the goal of ${GOAL_MS}`;
    console.log(
      `${preset.padEnd(14)} first ${first.ms.toFixed(0).padStart(6)}   next ${ms.toFixed(0).padStart(5)}, of the processors ${cpuMs.toFixed(0).padStart(5)}   (${phases.join(', ')})${verdict}`,
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
