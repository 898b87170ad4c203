// How far Ganvas's steps are from its peer's: times of two programs compare nothing unless both do the same.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Adam's first step is the sign of each gradient, and jumps where one is nearly zero: of that step only D is judged, whose loss and gradients lie before any update. */
export const CHECKED_STEPS = 6;
/**
 * What may differ in single steps of the network as it is: losses as a fraction where they are above 1, gradients as a fraction of their length; or so many times
 * what PyTorch's own float32 differs from its float64. Where a number lies at a ReLU's edge two float32 programs part, each its own way, and among the millions of
 * numbers of a large batch there is one in every second step: this shows that both do the same step, and `IN_A_ROW` how nearly.
 */
const SINGLE = { loss: 1e-4, gradients: 5e-2, timesOwn: 4 };
/** Of the losses of steps in a row, each from where the last one led, in a recipe without edges. */
const IN_A_ROW = 1e-5;
const PARTS = ['weights', 'running', 'firstMoment', 'secondMoment'];

/**
 * The recipe without the edges at which two right float32 programs part: SiLU for ReLUs, and an epsilon above which Adam does not take the mere sign of a gradient
 * that is nearly zero. The convolutions and so their forms are the same.
 */
export function smooth(recipe) {
  const layers = (network) =>
    network.map((node) => (/^(relu|leakyRelu)$/.test(node.kind) ? { ...node, kind: 'silu', settings: {} } : node));
  const { generator, discriminator, optimizers } = recipe;
  const adam = (settings) => ({ ...settings, epsilon: 1e-3 });
  return {
    ...recipe,
    generator: layers(generator),
    discriminator: layers(discriminator),
    optimizers: { generator: adam(optimizers.generator), discriminator: adam(optimizers.discriminator) },
  };
}

/**
 * A step of ours from where the peer's was before each of its own, in PyTorch in float64: what differs is that step alone, and does not grow. The optimiser's own
 * sums are proved in tests/reference; here its first moment tells the gradients.
 */
export async function compareSteps(openSession, recipe, peer, folder, batches) {
  const { steps } = await peer.ask({ check: batches.length });
  const differences = [];
  for (const [step, { losses, own = { loss: 0, gradients: 0 } }] of steps.entries()) {
    const before = readStateFiles(folder, step);
    const session = await openSession(before);
    const { lossD, lossG } = await session.step(batches[step]);
    const after = await session.readState();
    await session.close();
    const judged = step === 0 ? ['discriminator'] : ['generator', 'discriminator'];
    const loss = lossesApart([lossD, lossG].slice(0, judged.length), losses);
    const ours = judged.flatMap((name) =>
      gradientsOf(before[name].firstMoment, after[name].firstMoment, recipe.optimizers[name].beta1),
    );
    const all = readFloats(join(folder, `${step}.gradients`));
    // G's come first in the file.
    const theirs = step === 0 ? all.slice(-ours.length) : all;
    if (theirs.length !== ours.length) throw new Error(`${ours.length} gradients, and ${theirs.length} of the peer`);
    differences.push({ loss, own, gradients: distance(ours, theirs) });
  }
  const most = (what) => Math.max(...differences.map((step) => step[what]));
  const ownMost = (what) => Math.max(...differences.map(({ own }) => own[what]));
  return {
    gradients: most('gradients'),
    same: ['loss', 'gradients'].every((what) => most(what) <= Math.max(SINGLE[what], SINGLE.timesOwn * ownMost(what))),
  };
}

/** As many steps as there are batches from one state, in ours and the peer's, and how far the losses of any part. */
export async function compareInARow(session, peer, batches) {
  const { losses, own = 0 } = await peer.ask({ row: batches.length });
  let apart = 0;
  for (const [step, inputs] of batches.entries()) {
    const { lossD, lossG } = await session.step(inputs);
    apart = Math.max(apart, lossesApart([lossD, lossG], losses[step]));
  }
  return { apart, own, same: apart <= IN_A_ROW };
}

const lossesApart = (ours, theirs) =>
  Math.max(...ours.map((loss, at) => Math.abs(loss - theirs[at]) / Math.max(1, Math.abs(theirs[at]))));

function readStateFiles(folder, step) {
  const network = (name) => PARTS.map((part) => [part, readFloats(join(folder, `${step}.${name}.${part}`))]);
  const networks = ['generator', 'discriminator'].map((name) => [name, Object.fromEntries(network(name))]);
  return { ...Object.fromEntries(networks), step };
}

function readFloats(path) {
  const bytes = readFileSync(path);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

/** What Adam's mean gradients moved by. */
const gradientsOf = (before, after, beta1) =>
  Array.from(after, (mean, at) => (mean - beta1 * before[at]) / (1 - beta1));

function distance(ours, theirs) {
  const norm = (vector) => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return norm(ours.map((value, at) => value - theirs[at])) / norm(theirs);
}
