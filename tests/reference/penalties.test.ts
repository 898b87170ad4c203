import { RegularizerSettings, regularizerChoices } from '#shared/recipe/regularizer';
import { parseRecipe } from '#shared/recipe/recipe';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { trialRecipe } from '../../src-main/engine/trial';
import { installGradients } from '../../src-main/gan/gradients';
import { buildGan, forward, pack, unpack } from '../../src-main/gan/network';
import { regularizerOf } from '../../src-main/gan/regularizer';

const fixture = JSON.parse(readFileSync(new URL('./fixtures/penalties.json', import.meta.url), 'utf8')) as {
  readonly torch: string;
  readonly side: number;
  readonly layers: readonly unknown[];
  readonly weights: number[];
  readonly real: number[];
  readonly fake: number[];
  readonly mix: number[];
  readonly cases: Readonly<Record<string, { readonly value: number; readonly gradient: readonly number[] }>>;
};

const TOLERANCE = 1e-5;

beforeAll(async () => {
  tf.enableProdMode(); // No advertisement for tfjs-node amid the results.
  await tf.setBackend('cpu');
  installGradients();
});

/** D of the fixture; a generator has to be there, and is not used. */
function discriminator() {
  const trial = trialRecipe(2);
  const size = fixture.side;
  const generator = [
    { id: 'g1', kind: 'dense', settings: { units: size * size * 3 } },
    { id: 'g2', kind: 'reshape', settings: { height: size, width: size, channels: 3 } },
  ];
  const { discriminator: d } = buildGan({
    ...parseRecipe({ ...trial, discriminator: fixture.layers }),
    image: { size, channels: 3 },
    generator,
  });
  return d;
}

describe(`penalties against PyTorch ${fixture.torch}`, () => {
  it('are all in the fixture', () => {
    expect(['none', ...Object.keys(fixture.cases)].sort()).toEqual(Object.keys(regularizerChoices).sort());
  });

  it.each(Object.entries(fixture.cases))('%s, and its gradient by D’s weights', (kind, expected) => {
    const d = discriminator();
    const settings = RegularizerSettings.parse({ kind });
    if (settings.kind === 'none') throw new Error('the fixture has penalties only');
    const { penalty } = regularizerOf(settings.kind);
    const picture = (numbers: number[]) => tf.tensor(numbers, [fixture.mix.length, fixture.side, fixture.side, 3]);
    const [real, fake, mix] = [picture(fixture.real), picture(fixture.fake), tf.tensor1d(fixture.mix)];
    const { value, grads } = tf.valueAndGrads((...weights: tf.Tensor[]) => {
      const critic = (x: tf.Tensor) => forward(tf, d, weights, [], x, 'train').output;
      // As in a step, where the loss is added: the last bias has no part in the penalty, and TensorFlow.js asks that each weight has one in the whole.
      const nothing = tf.mul(tf.sum(critic(real)), 0);
      return tf.add<tf.Scalar>(penalty(tf, { real, fake, critic, mix }, settings), nothing);
    })(unpack(tf, d.trained, tf.tensor1d(fixture.weights)));
    expect(Math.abs((value.dataSync()[0] as number) - expected.value)).toBeLessThan(TOLERANCE * expected.value);
    const gradient = pack(tf, grads).dataSync<'float32'>();
    expect(gradient.length).toBe(expected.gradient.length);
    const scale = expected.gradient.reduce((most, number) => Math.max(most, Math.abs(number)), 0);
    expected.gradient.forEach((number, index) => {
      expect(Math.abs((gradient[index] as number) - number), `weight ${index}`).toBeLessThan(TOLERANCE * scale);
    });
  });
});
