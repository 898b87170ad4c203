/**
 * Ganvas against PyTorch, or TensorFlow.js on TensorFlow, on this machine: same network, weights and batches, both in one go and by turns, so that whatever
 * else the machine does hits both. `node tests/bench/run.mjs [--all] [--case [RECIPE/]BASE/BATCH/SIDE] [--rounds N] [--threads N] [--untuned] [--peer torch|tfjs]`
 *
 * With `--inference` instead what one picture takes: the explorer's session against PyTorch's generator. With `--judging` (and `--provider`) what D's one pass for
 * reals and fakes is worth, with `--forms` how near the usual forms of convolutions are to the fastest: no peer is needed.
 *
 * As in the program, heavy operators are written in the forms that are fastest here, unless `--untuned`; each case finds them anew.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { CHECKED_STEPS, compareInARow, compareSteps, smooth } from './agreement.mjs';
import { timeUsualForms } from './forms.mjs';
import { timeInference } from './inference.mjs';
import { timeJudging } from './judging.mjs';
import { findPython } from './python.mjs';
import { lookForTensorFlow, startTensorFlow } from './tensorflow.mjs';
import { buildEntry, startPeer, writeCase } from './torch.mjs';

const { values: options } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    peer: { type: 'string', default: 'torch' },
    rounds: { type: 'string', default: '6' },
    steps: { type: 'string', default: '10' },
    threads: { type: 'string', default: String(Math.min(2, cpus().length)) },
    case: { type: 'string', multiple: true },
    untuned: { type: 'boolean', default: false },
    inference: { type: 'boolean', default: false },
    judging: { type: 'boolean', default: false },
    forms: { type: 'boolean', default: false },
    provider: { type: 'string', default: 'cpu' },
  },
});
/** What a step is compared with. */
const peers = { torch: 'PyTorch', tfjs: 'tfjs' };
if (!Object.hasOwn(peers, options.peer)) {
  console.error(`--peer ${options.peer}: only ${Object.keys(peers).join(' and ')} are known.`);
  process.exit(1);
}
const title = peers[options.peer];
const againstTorch = options.peer === 'torch';
const threads = Number(options.threads);
const rounds = Number(options.rounds);
const steps = Number(options.steps);

/** [channels next to the pictures, batch, side, recipe]: what is timed unless told; with --all every case of the goals. */
const usual = [[32, 16, 32], [32, 64, 32]]; // prettier-ignore
const others = [[64, 16, 32], [64, 64, 32], [32, 16, 64], [32, 64, 64], [64, 16, 64], [32, 16, 32, 'residual'], [32, 16, 32, 'studio'], [32, 64, 32, 'studio'], [32, 16, 64, 'studio']]; // prettier-ignore
const chosen = options.case?.map((text) => {
  const parts = text.split('/');
  const family = parts.length > 3 ? parts.shift() : 'dcgan';
  return [...parts.map(Number), family];
});
const cases = chosen ?? (options.all ? [...usual, ...others] : usual);

/** How much of the peer's time a case may take, and all but the studio's recipe in their geometric mean. */
const GEOMETRIC_MEAN = againstTorch ? 1 : 1 / 3;
function goalOf({ family, size }) {
  if (!againstTorch) return 1 / 3;
  if (family !== 'studio') return 1.15;
  return size > 32 ? 1 / 1.1 : 1 / 1.2;
}

/** Milliseconds a step, each the mean over the steps from one lazy penalty to the next: a median of single steps would see none. */
async function timeSteps(session, inputs, count, period) {
  const times = [];
  for (let done = 0; done < count; done += period) {
    const start = performance.now();
    for (let step = 0; step < period; step++) await session.step(inputs);
    times.push((performance.now() - start) / period);
  }
  return times;
}

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];

/** A memory of forms for one case: the first session finds them, the others use them. */
function newMemory() {
  let known = new Map();
  return { read: async () => known, write: async (_provider, forms) => void (known = forms) };
}

async function runCase(ganvas, python, folder, [base, batch, size, family = 'dcgan']) {
  const recipe = ganvas.benchRecipe(family, base, size);
  const period = recipe.regularizer.every ?? 1;
  const state = ganvas.initialState(recipe, 1);
  const batches = Array.from({ length: CHECKED_STEPS }, (_, index) => ganvas.trialBatch(recipe, batch, index));
  const startOf = (recipe) => {
    writeCase(folder, ganvas, recipe, batch, state, batches);
    return againstTorch
      ? startPeer(python, folder, threads)
      : startTensorFlow(ganvas, folder, { recipe, batch, state, batches });
  };
  const engine = { provider: 'cpu', threads, ...(!options.untuned && { forms: newMemory() }) };
  const sessionOf = (recipe, from = state) => ganvas.engineFor('compiled').trainSession(recipe, batch, from, engine);
  const startMs = [];
  // The second start is what a user waits for from then on.
  for (let start = 0; start < 2; start++) {
    const began = performance.now();
    await (await sessionOf(recipe)).close();
    startMs.push(performance.now() - began);
  }
  const inARow = await betweenSmooth(sessionOf, startOf, smooth(recipe), batches);
  const peer = await startOf(recipe);
  const single = await compareSteps((from) => sessionOf(recipe, from), recipe, peer, folder, batches);
  const session = await sessionOf(recipe);
  const ours = [];
  const theirs = [];
  for (let round = 0; round < rounds; round++) {
    // Idle workers of both thread pools spin for a while: let them fall asleep before the other one's turn.
    await sleep(150);
    await session.step(batches[0]);
    ours.push(...(await timeSteps(session, batches[0], steps, period)));
    await sleep(150);
    await peer.ask({ time: 1, period: 1 });
    theirs.push(...(await peer.ask({ time: steps, period })).ms);
  }
  await session.close();
  await peer.close();
  return { family, base, batch, size, startMs, single, inARow, ours, theirs, peerVersion: peer.version };
}

async function betweenSmooth(sessionOf, startOf, recipe, batches) {
  const peer = await startOf(recipe);
  const session = await sessionOf(recipe);
  try {
    return await compareInARow(session, peer, batches);
  } finally {
    await session.close();
    await peer.close();
  }
}

const COLUMNS = [
  'Ganvas',
  'min',
  title,
  'min',
  'ratio',
  'min/min',
  'in a row',
  'its own',
  'Δ gradient',
  'start',
  'again',
];
const heading = () => ['case'.padEnd(30), ...COLUMNS.map((name) => name.padStart(10))].join(' ');

function row({ family, base, batch, size, startMs, single, inARow, ours, theirs }, ratio) {
  const fixed = (number) => number.toFixed(1).padStart(10);
  const small = (number) => number.toExponential(1).padStart(10);
  return [
    `${family} b=${base} batch ${batch} ${size}×${size}`.padEnd(30),
    ...[median(ours), Math.min(...ours), median(theirs), Math.min(...theirs)].map(fixed),
    ...[ratio, Math.min(...ours) / Math.min(...theirs)].map((number) => number.toFixed(2).padStart(10)),
    ...[inARow.apart, inARow.own, single.gradients].map(small),
    ...startMs.map((ms) => `${ms.toFixed(0)} ms`.padStart(10)),
  ].join(' ');
}

if (options.inference && !againstTorch) {
  console.error('--inference: only PyTorch is known as a peer.');
  process.exit(1);
}
if (options.forms) {
  await timeUsualForms(await buildEntry(), cases, { rounds, threads });
  process.exit(0);
}
if (options.judging) {
  await timeJudging(await buildEntry(), {
    rounds,
    steps,
    threads,
    provider: options.provider,
    untuned: options.untuned,
  });
  process.exit(0);
}
const python = againstTorch ? await findPython('import torch, numpy') : undefined;
if (againstTorch && !python) {
  console.log('SKIPPED: no Python with PyTorch and NumPy was found (set GANVAS_PYTHON, or make .venv with them).');
  process.exit(0);
}
const ganvas = await buildEntry();
if (!againstTorch && !lookForTensorFlow(ganvas)) {
  console.log('SKIPPED: TensorFlow is not installed (ganvas engines add tfjs-node).');
  process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'ganvas-bench-'));
let failed = false;
try {
  if (options.inference) await timeInference(ganvas, python, folder, { rounds, threads });
  else await timeTraining();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;

async function timeTraining() {
  const { version: ort } = JSON.parse(readFileSync(new URL('../../node_modules/onnxruntime-node/package.json', import.meta.url), 'utf8')); // prettier-ignore
  console.log(
    `One D+G step, Adam, float32; ms; ${threads} threads each. ${cpus()[0]?.model.trim()}, Node ${process.version}, ONNX Runtime ${ort}; load ${loadavg()[0].toFixed(2)} at the start.`,
  );
  console.log(heading());
  const ratios = [];
  for (const one of cases) {
    const result = await runCase(ganvas, python, folder, one);
    const ratio = median(result.ours) / median(result.theirs);
    if (result.family !== 'studio') ratios.push(ratio);
    console.log(row(result, ratio));
    const same = result.inARow.same && result.single.same;
    if (!same) console.log('  DIFFERS: not the same step, so the times compare nothing.');
    failed ||= !same;
    const goal = goalOf(result);
    if (ratio > goal)
      console.log(`  NOT REACHED: at most ${goal.toFixed(2)} × ${result.peerVersion}’s time is wanted.`);
  }
  if (ratios.length < 2) return;
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
  const verdict = mean > GEOMETRIC_MEAN ? ' NOT REACHED' : '';
  console.log(
    `Geometric mean of ${ratios.length} cases (all but the studio’s): ${mean.toFixed(2)}, wanted at most ${GEOMETRIC_MEAN.toFixed(2)}.${verdict}`,
  );
}
