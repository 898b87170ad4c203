import { conv2d } from '#shared/layers/conv2d';
import { applyLayer, type LayerKind, type PassContext } from '#shared/recipe/layerKind';
import { layerKinds } from '#shared/recipe/layerRegistry';
import type { LayerNode } from '#shared/recipe/recipe';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { foldOf, foldsOf, type FoldedLayer } from './fold';
import { installGradients } from './gradients';

beforeAll(async () => {
  tf.enableProdMode(); // No advertisement for tfjs-node amid the results.
  await tf.setBackend('cpu');
  installGradients();
});

const kindOf = (kind: string): LayerKind => layerKinds.get(kind) as LayerKind;

/** A layer on maps of 6 × 10, or of others. */
const layer = (kind: string, settings: LayerNode['settings'] = {}, input = [6, 10, 4]): FoldedLayer => ({
  node: { kind },
  settings: kindOf(kind).settings.parse(settings),
  input,
});
/** Fewer filters than channels. */
const narrow = { stride: 1, filters: 2 };
const conv3 = (settings: LayerNode['settings'] = {}) => layer('conv2d', { kernel: 3, ...narrow, ...settings });
const conv1 = (settings: LayerNode['settings'] = {}) => layer('conv2d', { kernel: 1, ...narrow, ...settings });
const upsample = (settings: LayerNode['settings'] = {}) => layer('upsample', settings);
const pool = (settings: LayerNode['settings'] = {}) => layer('averagePool', settings);

const context: PassContext = { mode: 'train', updateRunning: () => undefined, noise: undefined, labels: undefined };

type Map = (x: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor) => tf.Tensor;

/** The same, step by step. */
const apart =
  (...layers: FoldedLayer[]): Map =>
  (x, kernel, bias) =>
    layers.reduce(
      (map, { node, settings }) => applyLayer(tf, kindOf(node.kind), [map], { kernel, bias }, settings, context),
      x,
    );

const together =
  (before: FoldedLayer, behind: FoldedLayer): Map =>
  (x, kernel, bias) => {
    const fold = foldOf(before, behind);
    if (!fold) throw new Error(`${before.node.kind} and ${behind.node.kind} are not folded`);
    return fold(tf, x, { kernel, bias }, context);
  };

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  expect(a.shape).toEqual(b.shape);
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] as number;
}

describe.each([
  ['nearest-neighbour upsampling and a 3×3 convolution', upsample(), conv3(), 3],
  ['a 3×3 convolution and average pooling', conv3(), pool(), 3],
  ['average pooling of one kind alone, whatever “same” adds to even sides', conv3(), pool({ padding: 'same' }), 3],
  ['upsampling and a 1×1 convolution', upsample({ factor: 3 }), conv1(), 1],
  ['upsampling and a 1×1 convolution to more channels', upsample(), conv1({ filters: 64 }), 1],
  ['bilinear upsampling and a 1×1 convolution', upsample({ method: 'bilinear' }), conv1(), 1],
  ['a 1×1 convolution and average pooling', conv1(), pool({}), 1],
  [
    'a widening 1×1 convolution and average pooling of overlapping windows',
    conv1({ filters: 8 }),
    pool({ size: 3, padding: 'same' }),
    1,
  ],
])('%s as one', (_name, before, behind, k) => {
  const { filters } = conv2d.settings.parse((before.node.kind === conv2d.id ? before : behind).settings);
  const operands = () => [
    tf.randomNormal([2, 6, 10, 4], 0, 1, 'float32', 1),
    tf.randomNormal([k, k, 4, filters], 0, 1, 'float32', 2),
    tf.randomNormal([filters], 0, 1, 'float32', 4),
  ];
  const apply = (map: Map) => {
    const [x, kernel, bias] = operands() as [tf.Tensor, tf.Tensor, tf.Tensor];
    return map(x, kernel, bias);
  };

  it('give the same maps', () => {
    expect(largestDifference(apply(together(before, behind)), apply(apart(before, behind)))).toBeLessThan(1e-5);
  });

  it('give the same gradients, of map, kernel and bias', () => {
    const gradients = (map: Map) =>
      tf.grads((...args: tf.Tensor[]) => {
        const output = map(...(args as [tf.Tensor, tf.Tensor, tf.Tensor]));
        return tf.sum(tf.mul(output, tf.randomNormal(output.shape, 0, 1, 'float32', 3)));
      })(operands());
    const separate = gradients(apart(before, behind));
    gradients(together(before, behind)).forEach((gradient, index) => {
      expect(largestDifference(gradient, separate[index] as tf.Tensor)).toBeLessThan(1e-4);
    });
  });
});

describe('which layers are folded', () => {
  it.each([
    [upsample({ factor: 4 }), conv3()],
    [upsample({ method: 'bilinear' }), conv3()],
    [upsample(), conv3({ kernel: 5 })],
    [upsample(), conv3({ kernelWidth: 5 })],
    [upsample(), conv3({ stride: 2 })],
    [upsample(), conv3({ strideWidth: 2 })],
    [upsample(), conv3({ padding: 'valid' })],
    [upsample(), conv3({ outside: 'reflect' })],
    [upsample(), conv3({ groups: 2 })],
    [upsample(), conv1({ stride: 2 })],
    // It would enlarge 64 channels instead of 4, or shrink 256 instead of 2.
    [upsample({ method: 'bilinear' }), conv1({ filters: 64 })],
    [layer('conv2d', { kernel: 1, ...narrow }, [6, 10, 256]), layer('averagePool', { size: 3 }, [6, 10, 2])],
    [conv3(), pool({ size: 3 })],
    [conv3(), pool({ sizeWidth: 3 })],
    [conv3(), pool({ stride: 1 })],
    [conv3(), pool({ strideWidth: 1 })],
    [conv3(), layer('averagePool', {}, [6, 9, 4])],
    [conv3(), layer('maxPool')],
    [conv3({ outside: 'reflect' }), pool()],
    [conv1({ padding: 'explicit', border: 1 }), pool()],
    [conv3(), conv3()],
  ])('is nothing else (%#)', (before, behind) => {
    expect(foldOf(before, behind)).toBeUndefined();
  });

  const folded = (...layers: readonly (readonly [FoldedLayer, ...number[]])[]) =>
    foldsOf(layers.map(([own, ...sources]) => ({ ...own, sources }))).map((fold) => fold !== undefined);

  it('is a layer whose readers all are', () => {
    expect(folded([conv3(), -1], [pool(), 0], [pool(), 0])).toEqual([false, true, true]);
    expect(folded([conv3(), -1], [pool(), 0], [layer('relu'), 0])).toEqual([false, false, false]);
  });

  it('is no layer that a join takes', () => {
    expect(folded([upsample(), -1], [layer('residualAdd'), 0, -1], [conv3(), 0])).toEqual([false, false, false]);
  });

  it('is none twice', () => {
    expect(folded([upsample(), -1], [conv1(), 0], [pool(), 1])).toEqual([false, true, false]);
  });
});
