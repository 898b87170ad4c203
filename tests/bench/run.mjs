/**
 * Ganvas against PyTorch, or TensorFlow.js on TensorFlow, on this machine: same network, weights and batches, both in one go and by turns, so that whatever
 * else the machine does hits both. `node tests/bench/run.mjs [--all] [--case [RECIPE/]BASE/BATCH/SIDE] [--rounds N] [--threads N] [--untuned] [--peer torch|tfjs]`
 *
 * With `--inference` instead what one picture takes: the explorer's session against PyTorch's generator.
 *
 * As in the program, heavy operators are written in the forms that are fastest here, unless `--untuned`; each case finds them anew.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { timeInference } from './inference.mjs';
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
  },
});
/** What a step is compared with, and how much of the peer's time it may take. */
const peers = { torch: { title: 'PyTorch', goal: 1.3 }, tfjs: { title: 'tfjs', goal: 1 / 3 } };
if (!Object.hasOwn(peers, options.peer)) {
  console.error(`--peer ${options.peer}: only ${Object.keys(peers).join(' and ')} are known.`);
  process.exit(1);
}
const { title, goal: targetRatio } = peers[options.peer];
const againstTorch = options.peer === 'torch';
const threads = Number(options.threads);
const rounds = Number(options.rounds);
const steps = Number(options.steps);

/** [channels next to the pictures, batch, side, recipe]: the DCGAN of the goal, and with --all the others that were measured before. */
const goal = [[32, 16, 32], [32, 64, 32]]; // prettier-ignore
const others = [[64, 16, 32], [64, 64, 32], [32, 16, 64], [32, 64, 64], [64, 16, 64]]; // prettier-ignore
const chosen = options.case?.map((text) => {
  const parts = text.split('/');
  const family = parts.length > 3 ? parts.shift() : 'dcgan';
  return [...parts.map(Number), family];
});
const cases = chosen ?? (options.all ? [...goal, ...others] : goal);

const CHECKED_STEPS = 3;
/** Largest difference of a loss, or so many times what PyTorch’s own float32 keeps from its float64; and of the gradients, as a fraction of their length. */
const TOLERANCE = { loss: 1e-3, timesOwn: 2, gradients: 0.1 };

/**
 * A few steps of both from the same start; PyTorch's in float64. Two float32 programs part where a number lies at a ReLU's edge, and Adam's first steps
 * make much of it, so the weights are compared by their mean gradients (Adam's moments), as a fraction of their length: two programs that mean the
 * same stay within some percent, a wrong term is far off. The sharp comparison, to 1e-5, is tests/reference.
 */
async function compare(session, peer, folder, batches) {
  const { losses, own = 0 } = await peer.ask({ check: CHECKED_STEPS });
  let loss = 0;
  for (let step = 0; step < CHECKED_STEPS; step++) {
    const { lossD, lossG } = await session.step(batches[step]);
    const [peerD, peerG] = losses[step];
    loss = Math.max(loss, Math.abs(lossD - peerD), Math.abs(lossG - peerG));
  }
  const bytes = readFileSync(join(folder, 'peer.moments'));
  const theirs = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const { generator, discriminator } = await session.readState();
  const ours = [...generator.firstMoment, ...discriminator.firstMoment];
  const norm = (vector) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return { loss, own, gradients: norm(theirs.map((moment, index) => moment - ours[index])) / norm(theirs) };
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

/** A memory of forms that knows none. */
const forgetful = { read: async () => new Map(), write: async () => undefined };

async function runCase(ganvas, python, folder, [base, batch, size, family = 'dcgan']) {
  const recipe = ganvas.benchRecipe(family, base, size);
  const period = recipe.regularizer.every ?? 1;
  const state = ganvas.initialState(recipe, 1);
  const batches = Array.from({ length: CHECKED_STEPS }, (_, index) => ganvas.trialBatch(recipe, batch, index));
  writeCase(folder, ganvas, recipe, batch, state, batches);
  const peer = await (againstTorch
    ? startPeer(python, folder, threads)
    : startTensorFlow(ganvas, folder, { recipe, batch, state, batches }));
  const began = performance.now();
  const engine = { provider: 'cpu', threads, ...(!options.untuned && { forms: forgetful }) };
  const session = await ganvas.engineFor('compiled').trainSession(recipe, batch, state, engine);
  const compileMs = performance.now() - began;
  const difference = await compare(session, peer, folder, batches);
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
  peer.close();
  return { family, base, batch, size, compileMs, difference, ours, theirs, torch: peer.version };
}

function row({ family, base, batch, size, compileMs, difference, ours, theirs }) {
  const fixed = (number) => number.toFixed(1).padStart(8);
  const ratio = median(ours) / median(theirs);
  return {
    ratio,
    text: [
      `${family} b=${base} batch ${batch} ${size}×${size}`.padEnd(30),
      fixed(median(ours)),
      fixed(Math.min(...ours)),
      fixed(median(theirs)),
      fixed(Math.min(...theirs)),
      ratio.toFixed(2).padStart(8),
      (Math.min(...ours) / Math.min(...theirs)).toFixed(2).padStart(8),
      difference.loss.toExponential(1).padStart(10),
      difference.own.toExponential(1).padStart(10),
      difference.gradients.toExponential(1).padStart(10),
      `${compileMs.toFixed(0)} ms`.padStart(10),
      `${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MB`.padStart(9),
    ].join(' '),
  };
}

if (options.inference && !againstTorch) {
  console.error('--inference: only PyTorch is known as a peer.');
  process.exit(1);
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
  console.log(
    `One D+G step, Adam, float32; ${threads} threads each; load ${loadavg()[0].toFixed(2)} at the start; ms.`,
  );
  console.log(
    [
      'case'.padEnd(30),
      '  Ganvas',
      '     min',
      title.slice(0, 8).padStart(8),
      '     min',
      '   ratio',
      ' min/min',
      '    Δ loss',
      'its float32'.padStart(10),
      'Δ gradient',
      '   compile',
      '   memory',
    ].join(' '),
  );
  for (const one of cases) {
    const result = await runCase(ganvas, python, folder, one);
    const { ratio, text } = row(result);
    console.log(text);
    const { loss, own, gradients } = result.difference;
    failed ||= !(loss <= Math.max(TOLERANCE.loss, TOLERANCE.timesOwn * own) && gradients <= TOLERANCE.gradients);
    if (ratio > targetRatio) console.log(`  above the goal of ${targetRatio.toFixed(2)} × ${title}’s time`);
  }
  if (failed) console.log('FAILED: the steps differ, so the times compare nothing.');
}
