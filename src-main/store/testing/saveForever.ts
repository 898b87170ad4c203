import { saveCheckpoint, type Checkpoint } from '../checkpoints';

/** A child process of the crash test: saves checkpoint after checkpoint to the folder it is given, from a step on, and says each one's number. */
const [run, first] = process.argv.slice(2);
if (run === undefined || first === undefined) throw new Error('usage: saveForever RUN STEP');

/** Every number of a checkpoint is its step, so that a mixture of two would be seen. */
function uniformCheckpoint(step: number): Checkpoint {
  const filled = (length: number) => new Float32Array(length).fill(step);
  const network = (size: number) => ({
    weights: filled(size),
    firstMoment: filled(size),
    secondMoment: filled(size),
    running: filled(64),
  });
  const state = { generator: network(200_000), discriminator: network(100_000), step };
  return { state, seed: 1, images: step, seconds: step, datasetHash: '' };
}

for (let step = Number(first); ; step++) {
  await saveCheckpoint(run, uniformCheckpoint(step));
  process.stdout.write(`${step}\n`);
}
