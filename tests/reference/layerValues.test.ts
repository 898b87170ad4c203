import { applyLayer } from '#shared/recipe/layerKind';
import { layerKinds } from '#shared/recipe/layerRegistry';
import type { LayerNode } from '#shared/recipe/recipe';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { installGradients } from '../../src-main/gan/gradients';

/** Every layer computes what PyTorch computes, gradients too. The fixture is written by make_layers.py. */

interface Stored {
  readonly shape: number[];
  readonly numbers: number[];
}

interface Case {
  readonly kind: string;
  readonly settings: LayerNode['settings'];
  readonly inputs: Readonly<Record<string, Stored>>;
  readonly noise?: Stored;
  readonly labels?: Stored;
  readonly slopes: Stored;
  readonly output: Stored;
  readonly gradients: Readonly<Record<string, Stored>>;
}

const fixture = JSON.parse(readFileSync(new URL('fixtures/layers.json', import.meta.url), 'utf8')) as {
  readonly torch: string;
  readonly cases: readonly Case[];
};

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.

beforeAll(async () => {
  await tf.setBackend('cpu');
  installGradients();
});

const tensorOf = ({ shape, numbers }: Stored): tf.Tensor => tf.tensor(numbers, shape);

/** Largest difference, as a fraction of the largest number. */
function difference(got: tf.Tensor, expected: Stored): number {
  expect(got.shape).toEqual(expected.shape);
  const scale = Math.max(1, ...expected.numbers.map(Math.abs));
  const numbers = got.dataSync<'float32'>();
  return (
    expected.numbers.reduce((most, number, at) => Math.max(most, Math.abs(number - (numbers[at] ?? NaN))), 0) / scale
  );
}

it('has a case for every layer', () => {
  expect([...new Set(fixture.cases.map(({ kind }) => kind))].sort()).toEqual([...layerKinds.keys()].sort());
});

describe(`in PyTorch ${fixture.torch}`, () => {
  it.each(fixture.cases.map((one) => [`${one.kind} ${JSON.stringify(one.settings)}`, one] as const))(
    '%s is the same',
    (_name, { kind: id, settings, inputs, noise, labels, slopes, output, gradients }) => {
      const kind = layerKinds.get(id);
      if (!kind) throw new Error(`there is no layer called ${id}`);
      const names = Object.keys(inputs);
      const compute = (tensors: readonly tf.Tensor[]): tf.Tensor => {
        const named = Object.fromEntries(names.map((name, index) => [name, tensors[index] as tf.Tensor]));
        const xs = names.filter((name) => /^x\d$/.test(name)).map((name) => named[name] as tf.Tensor);
        return applyLayer(tf, kind, xs, named, kind.settings.parse(settings), {
          mode: 'train',
          updateRunning: () => undefined,
          noise: noise && tensorOf(noise),
          labels: labels && tensorOf(labels),
        });
      };
      const tensors = Object.values(inputs).map(tensorOf);
      expect(difference(compute(tensors), output)).toBeLessThan(1e-5);
      const differentiated = names.filter((name) => name in gradients);
      const score = (...moved: tf.Tensor[]): tf.Tensor =>
        tf.sum(
          tf.mul(
            compute(tensors.map((tensor, index) => moved[differentiated.indexOf(names[index] as string)] ?? tensor)),
            tensorOf(slopes),
          ),
        );
      const own = tf.grads(score)(tensors.filter((_, index) => (names[index] as string) in gradients));
      for (const [index, name] of differentiated.entries()) {
        expect(difference(own[index] as tf.Tensor, gradients[name] as Stored), name).toBeLessThan(1e-5);
      }
    },
  );
});
