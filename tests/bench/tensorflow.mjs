// TensorFlow's side of the benchmark: the same step eagerly on its native library, as tfjs-node has it. In this process; the questions are those of peer.py.
import { writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const options = { provider: 'cpu', threads: 1 };

/** Whether TensorFlow's library is where `ganvas engines add` puts it. */
export function lookForTensorFlow({ announceEngines, findNativePackages }) {
  announceEngines(process.env.GANVAS_ENGINES ?? join(process.env.GANVAS_HOME ?? join(homedir(), 'Ganvas'), 'engines'));
  return findNativePackages().length > 0;
}

/** Ended by `close`. */
export async function startTensorFlow({ engineFor }, folder, { recipe, batch, state, batches }) {
  const session = await engineFor('eager').trainSession(recipe, batch, state, options);
  const { device } = session.info;
  if (!device.includes('TensorFlow')) throw new Error(`TensorFlow does not load; the eager engine has ${device}`);
  return {
    version: device,
    ask: (command) => {
      if ('row' in command) return inARow(session, batches.slice(0, command.row));
      if ('check' in command) return check(session, recipe, folder, batches.slice(0, command.check));
      return time(session, batches[0], command.time, command.period);
    },
    close: () => session.close(),
  };
}

/** As peer.py does it, in float32: the state before each step and its gradients in files. */
async function check(session, recipe, folder, batches) {
  const steps = [];
  for (const [index, inputs] of batches.entries()) {
    const before = await session.readState();
    const { lossD, lossG } = await session.step(inputs);
    const after = await session.readState();
    const gradients = ['generator', 'discriminator'].map((name) => {
      for (const [part, values] of Object.entries(before[name])) write(folder, `${index}.${name}.${part}`, values);
      const { beta1 } = recipe.optimizers[name];
      return after[name].firstMoment.map((mean, at) => (mean - beta1 * before[name].firstMoment[at]) / (1 - beta1));
    });
    write(folder, `${index}.gradients`, ...gradients);
    steps.push({ losses: [lossD, lossG] });
  }
  return { steps };
}

async function inARow(session, batches) {
  const losses = [];
  for (const inputs of batches) {
    const { lossD, lossG } = await session.step(inputs);
    losses.push([lossD, lossG]);
  }
  return { losses };
}

const write = (folder, name, ...vectors) =>
  writeFileSync(join(folder, name), Buffer.concat(vectors.map(({ buffer }) => Buffer.from(buffer))));

async function time(session, inputs, count, period) {
  const ms = [];
  for (let done = 0; done < count; done += period) {
    const start = performance.now();
    for (let step = 0; step < period; step++) await session.step(inputs);
    ms.push((performance.now() - start) / period);
  }
  return { ms };
}
