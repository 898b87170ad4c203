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
  const open = () => engineFor('eager').trainSession(recipe, batch, state, options);
  const session = await open();
  const { device } = session.info;
  if (!device.includes('TensorFlow')) throw new Error(`TensorFlow does not load; the eager engine has ${device}`);
  return {
    version: device,
    ask: (command) =>
      'check' in command
        ? check(open, folder, batches.slice(0, command.check))
        : time(session, batches[0], command.time, command.period),
    close: () => session.close(),
  };
}

async function check(open, folder, batches) {
  const session = await open();
  const losses = [];
  for (const inputs of batches) {
    const { lossD, lossG } = await session.step(inputs);
    losses.push([lossD, lossG]);
  }
  const { generator, discriminator } = await session.readState();
  await session.close();
  const moments = [generator, discriminator].map(({ firstMoment }) => Buffer.from(firstMoment.buffer));
  writeFileSync(join(folder, 'peer.moments'), Buffer.concat(moments));
  return { losses };
}

async function time(session, inputs, count, period) {
  const ms = [];
  for (let done = 0; done < count; done += period) {
    const start = performance.now();
    for (let step = 0; step < period; step++) await session.step(inputs);
    ms.push((performance.now() - start) / period);
  }
  return { ms };
}
