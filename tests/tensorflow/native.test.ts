import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { expect, it } from 'vitest';
import { eager } from '../../src-main/engine/eager';
import { trialBatch, trialRecipe } from '../../src-main/engine/trial';
import { initialState } from '../../src-main/gan/network';

const recipe = trialRecipe(2);
const open = () => eager.trainSession(recipe, 4, initialState(recipe, 1), { provider: 'cpu', threads: 1 });

it('is what the eager engine and every test of this suite compute with', async () => {
  await tf.setBackend('cpu');
  expect(tf.getBackend()).toBe('tensorflow');
  const session = await open();
  expect(session.info).toMatchObject({
    engine: 'eager',
    provider: 'cpu',
    device: expect.stringMatching(/^CPU.*, TensorFlow 2/),
  });
  await session.close();
});

it('keeps no tensor of a step, and none of a closed session', async () => {
  const before = tf.memory().numTensors;
  const session = await open();
  await session.step(trialBatch(recipe, 4, 0));
  const afterOne = tf.memory().numTensors;
  for (let step = 1; step < 20; step++) await session.step(trialBatch(recipe, 4, step));
  expect(tf.memory().numTensors).toBe(afterOne);
  expect(afterOne).toBeGreaterThan(before);
  await session.close();
  expect(tf.memory().numTensors).toBe(before);
});

it('says why there is no GPU', async () => {
  await expect(eager.generatorSession(recipe, { provider: 'cuda', threads: 1 })).rejects.toMatchObject({
    code: 'engine.unavailable',
    facts: { problem: expect.stringContaining('found no GPU') },
  });
});
