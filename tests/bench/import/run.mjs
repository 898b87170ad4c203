/**
 * Imports, measured: pictures a second against bare sharp and PyTorch's loader by turns, what reading costs a training step, and the memory that a large import
 * takes. `npm run bench:import -- [--files N] [--rounds N] [--many N] [--threads N] [--only speed|input|memory] [--keep FOLDER]`. The generated pictures are kept in
 * FOLDER and used again, where one is named.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { findPython } from '../python.mjs';
import { writeJpegs, writeSmall } from './pictures.mjs';

const { values: options } = parseArgs({
  options: {
    files: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '3' },
    many: { type: 'string', default: '200000' },
    threads: { type: 'string', default: String(Math.min(2, cpus().length)) },
    only: { type: 'string' },
    keep: { type: 'string' },
  },
});
const [files, rounds, many, threads] = ['files', 'rounds', 'many', 'threads'].map((name) => Number(options[name]));
/** Side of the training pictures, and of those of the large import. */
const SIZE = 64;
const SMALL = 16;
const goals = { bare: 0.85, torch: 1.5, memory: 600e6, input: 0.02 };

const root = fileURLToPath(new URL('../../..', import.meta.url));
const outDir = join(root, 'tests/artifacts/bench-import');
execFileSync(process.execPath, [join(root, 'tests/bench/import/build.mjs'), outDir], { stdio: 'inherit' });
const entry = join(outDir, 'entry.js');
const ganvas = await import(pathToFileURL(entry).href);
const work = mkdtempSync(join(tmpdir(), 'ganvas-bench-import-'));
const kept = options.keep ?? work;

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
const verdict = (good) => (good ? '' : '  NOT REACHED');
const wanted = (part) => options.only === undefined || options.only === part;

async function timed(action) {
  const begun = performance.now();
  await action();
  return (performance.now() - begun) / 1e3;
}

let projects = 0;
function newProject() {
  const dir = join(work, `project-${projects++}`);
  mkdirSync(dir);
  return dir;
}

async function generated(name, write) {
  const folder = join(kept, name);
  if (!existsSync(folder)) await write(folder);
  return folder;
}

/** PyTorch's loader: a process that is asked for one pass after another. */
async function startLoader(python, folder) {
  const script = fileURLToPath(new URL('./loader.py', import.meta.url));
  const child = spawn(python, [script, folder, String(SIZE), String(threads)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error('PyTorch’s process ended; its message stands above.');
    return JSON.parse(value);
  };
  const { torch } = await answer();
  return {
    torch,
    pass: async () => {
      child.stdin.write('\n');
      return (await answer()).seconds;
    },
    close: () => child.stdin.end(),
  };
}

async function speed() {
  const folder = await generated(`jpeg-${files}`, (path) => writeJpegs(path, files));
  const python = await findPython('import torch, numpy, PIL');
  const loader = python && (await startLoader(python, folder));
  const times = { ganvas: [], bare: [], torch: [] };
  for (let round = 0; round < rounds; round++) {
    times.ganvas.push(await timed(() => ganvas.importFolder(newProject(), folder, SIZE)));
    times.bare.push(await timed(() => ganvas.resizeFolder(folder, SIZE, threads)));
    if (loader) times.torch.push(await loader.pass());
  }
  loader?.close();
  const rate = (seconds) => files / median(seconds);
  const ours = rate(times.ganvas);
  const line = (name, seconds, goal) => {
    // Round by round: what else slows the machine lasts longer than one.
    const ratios = seconds.map((theirs, round) => theirs / times.ganvas[round]);
    const ratio = median(ratios);
    const all = ratios.map((one) => one.toFixed(2)).join(', ');
    return `  ${name}: ${rate(seconds).toFixed(0)} pictures/s; Ganvas ${ratio.toFixed(2)} × that (by rounds ${all}), wanted ≥ ${goal}${verdict(ratio >= goal)}`;
  };
  console.log(
    `${files} JPEGs of 512² → ${SIZE}², ${threads} threads, median of ${rounds}: Ganvas ${ours.toFixed(0)} pictures/s`,
  );
  console.log(line('bare sharp', times.bare, goals.bare));
  if (loader) console.log(line(`PyTorch ${loader.torch} and PIL`, times.torch, goals.torch));
  else console.log('  SKIPPED: no Python with PyTorch, NumPy and Pillow was found (set GANVAS_PYTHON).');
}

async function input() {
  const folder = await generated(`jpeg-${files}`, (path) => writeJpegs(path, files));
  const cases = [32, SIZE].flatMap((size) => [16, 64].flatMap((batch) => [undefined, 0].map((held) => ({ size, batch, held })))); // prettier-ignore
  const dirs = new Map();
  for (const { size, batch, held } of cases) {
    if (!dirs.has(size)) {
      dirs.set(size, newProject());
      await ganvas.importFolder(dirs.get(size), folder, size);
    }
    const { inputMs, stepMs } = await ganvas.timeInput(dirs.get(size), size, batch, 30, threads, held);
    const share = inputMs / stepMs;
    console.log(
      `input of a step, DCGAN ${size}², batch ${batch}, from ${held === 0 ? 'the shards' : 'memory'}: ${inputMs.toFixed(2)} ms beside ${stepMs.toFixed(0)} ms, ${(share * 100).toFixed(2)} %, wanted < 2 %${verdict(share < goals.input)}`,
    );
  }
}

async function memory() {
  const folder = await generated(`small-${many}`, (path) => writeSmall(path, many, SMALL));
  const child = spawn(process.execPath, [fileURLToPath(new URL('./peak.mjs', import.meta.url)), entry, newProject(), folder, String(SMALL)], { stdio: ['ignore', 'pipe', 'inherit'] }); // prettier-ignore
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  const begun = performance.now();
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error('the import failed; its message stands above');
  const { pictures, peakBytes } = JSON.parse(said);
  const seconds = (performance.now() - begun) / 1e3;
  console.log(
    `${many} PNGs of ${SMALL}²: ${pictures} pictures in ${seconds.toFixed(0)} s, at most ${(peakBytes / 1e6).toFixed(0)} MB, wanted < 600 MB${verdict(peakBytes < goals.memory)}`,
  );
}

try {
  console.log(`load ${loadavg()[0].toFixed(2)} at the start`);
  if (wanted('speed')) await speed();
  if (wanted('input')) await input();
  if (wanted('memory')) await memory();
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exit(0);
