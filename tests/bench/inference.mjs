// What one picture takes: the explorer's session (one thread, for the others are the trainer's) against PyTorch's generator, by turns. Part of run.mjs.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPeer, writeCase } from './torch.mjs';

/** [channels next to the pictures, side, most milliseconds that a drag of a slider bears]. */
const cases = [[32, 32, 2], [64, 32, 2], [32, 64, 8], [64, 64, 8]]; // prettier-ignore
const PICTURES = 100;
const WARM_UP = 10;
/** Largest difference of a pixel, as a part of the largest: a generator that has learned nothing yet draws almost nothing. */
const TOLERANCE = 1e-4;

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];

async function timeCase(ganvas, python, folder, { rounds, threads }, [base, size]) {
  const recipe = ganvas.benchRecipe('dcgan', base, size);
  const state = ganvas.initialState(recipe, 1);
  const batches = [ganvas.trialBatch(recipe, 2, 0)];
  writeCase(folder, ganvas, recipe, 2, state, batches);
  const peer = await startPeer(python, folder, threads);
  const session = await ganvas.openSamplingSession((engine) => engine.generatorSession(recipe, ganvas.SAMPLER));
  session.setWeights({ ...state.generator, step: 0 });
  const z = batches[0].z.slice(0, recipe.latent.size);
  const picture = await session.generate(z, 1);
  const { picture: theirs } = await peer.ask({ sample: 1 });
  const most = Math.max(...theirs.map(Math.abs));
  const difference = theirs.reduce((worst, value, at) => Math.max(worst, Math.abs(value - picture[at])), 0) / most;
  const [ours, peers] = [[], []];
  for (let round = 0; round < rounds; round++) {
    // Idle workers of both thread pools spin for a while: let them fall asleep before the other one's turn.
    await sleep(150);
    for (let count = -WARM_UP; count < PICTURES; count++) {
      const began = performance.now();
      await session.generate(z, 1);
      if (count >= 0) ours.push(performance.now() - began);
    }
    await sleep(150);
    await peer.ask({ sample: WARM_UP });
    peers.push(...(await peer.ask({ sample: PICTURES })).ms);
  }
  await session.close();
  peer.close();
  return { ours: median(ours), theirs: median(peers), difference };
}

/** Prints a row for each case; fails where the two draw another picture. */
export async function timeInference(ganvas, python, folder, options) {
  const column = (text) => String(text).padStart(9);
  console.log(`One picture, batch 1, float32; ms, medians of ${options.rounds * PICTURES}; Ganvas as the explorer draws, one thread; PyTorch ${options.threads}.`); // prettier-ignore
  console.log(['case'.padEnd(18), ...['Ganvas', 'PyTorch', 'ratio', 'Δ pixel'].map(column)].join(' '));
  for (const [index, one] of cases.entries()) {
    const [base, size, goal] = one;
    const { ours, theirs, difference } = await timeCase(ganvas, python, join(folder, `${index}`), options, one);
    const name = `b=${base} ${size}×${size}`.padEnd(18);
    console.log([name, ...[ours.toFixed(2), theirs.toFixed(2), (ours / theirs).toFixed(2), difference.toExponential(1)].map(column)].join(' ')); // prettier-ignore
    if (!(difference <= TOLERANCE)) throw new Error('the pictures differ, so the times compare nothing');
    if (ours > goal) console.log(`  above the goal of ${goal} ms`);
  }
}
