import { Recipe, type LayerNode } from '#shared/recipe/recipe';
import { RegularizerSettings } from '#shared/recipe/regularizer';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { modelOf } from '../../gan/model';
import { buildNetworks, initialState, type Network, type Networks } from '../../gan/network';
import { takenUp } from '../../gan/optimizerStart';
import { trialBatch, trialRecipe } from '../trial';
import { compile } from './compile';
import type { FormChoice } from './forms';
import { emitModel, emitted } from './model';
import { onnxRuntime } from './runtime';
import { emittedStep, statePorts, stateVectors, stepGraph } from './stepModel';
import { workOf, workOfModel } from './testing/work';

/** What each rewrite saves, counted; and that a whole step gives the same with it as without. */

tf.enableProdMode(); // No advertisement for tfjs-node amid the results.

const BATCH = 4;
/** Of a step's vectors, which two float32 programs compute. */
const TOLERANCE = 1e-5;

const layer = (id: string, kind: string, settings: LayerNode['settings'] = {}): LayerNode => ({ id, kind, settings });
const conv = (kernel: number, settings: LayerNode['settings'] = {}) =>
  layer('conv', 'conv2d', { filters: 4, kernel, stride: 1, initialDeviation: 0.2, ...settings });
const steady = { spectralNorm: true };
const wide = layer('wide', 'conv2d', { filters: 12, kernel: 3, initialDeviation: 0.2 });
const nearest = layer('up', 'upsample');
const bilinear = layer('up', 'upsample', { method: 'bilinear' });
const pool = layer('pool', 'averagePool');

/** A GAN whose discriminator sees the picture through these layers, and bends it, so that a penalty's gradient knows every weight. */
const seenThrough = (layers: readonly LayerNode[], regularizer: Recipe['regularizer']): Recipe =>
  Recipe.parse({
    ...trialRecipe(2),
    discriminator: [
      ...layers,
      layer('bend', 'silu'),
      layer('flat', 'flatten'),
      layer('verdict', 'dense', { units: 1, initialDeviation: 0.2 }),
    ],
    regularizer,
  });

/** The same networks, computed layer by layer. */
function unfolded(networks: Networks): Networks {
  const apart = (network: Network): Network => ({
    ...network,
    layers: network.layers.map((one) => ({ ...one, fold: undefined })),
  });
  const { discriminator } = networks;
  return {
    ...networks,
    generator: apart(networks.generator),
    ...(discriminator && { discriminator: apart(discriminator) }),
  };
}

/** All that one step gives, by name. */
async function outcomeOf(networks: Networks): Promise<ReadonlyMap<string, Float32Array>> {
  const { InferenceSession, Tensor } = await onnxRuntime();
  const { recipe } = networks;
  const state = takenUp(recipe, initialState(recipe, 3));
  const model = modelOf(recipe);
  const shapes = {
    ...Object.fromEntries(statePorts(networks).map(({ name, size }) => [name, [size]])),
    ...model.inputShapes(networks, BATCH),
  };
  const numbers = {
    ...stateVectors(networks, state),
    ...model.inputNumbers(networks, trialBatch(recipe, BATCH, 1), state),
  };
  const inputs = Object.entries(shapes).map(([name, shape]) => [
    name,
    new Tensor('float32', numbers[name] ?? [], shape),
  ]);
  const session = await InferenceSession.create(emitModel(stepGraph(networks, BATCH), { name: 'step' }), {
    logSeverityLevel: 4,
  });
  const outputs = await session.run(Object.fromEntries(inputs));
  await session.release();
  return new Map(Object.entries(outputs).map(([name, { data }]) => [name, data as Float32Array]));
}

function expectClose(ours: ReadonlyMap<string, Float32Array>, expected: ReadonlyMap<string, Float32Array>): void {
  expect([...ours.keys()]).toEqual([...expected.keys()]);
  for (const [name, numbers] of expected) {
    const scale = numbers.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const worst = numbers.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (ours.get(name)?.[at] ?? NaN))),
      0,
    );
    expect(worst / scale, name).toBeLessThan(TOLERANCE);
  }
}

const penalties = ['r1', 'gradientPenalty'].map((kind) => RegularizerSettings.parse({ kind, every: 1 }));

describe.each([
  ['nearest-neighbour upsampling and a 3×3 convolution', [nearest, conv(3)]],
  ['the same with spectral normalisation', [nearest, conv(3, steady)]],
  ['bilinear upsampling and a 1×1 convolution', [wide, bilinear, conv(1)]],
  ['the same with spectral normalisation', [wide, bilinear, conv(1, steady)]],
  ['a 3×3 convolution and average pooling', [conv(3), pool]],
  ['the same with spectral normalisation', [conv(3, steady), pool]],
  ['a 1×1 convolution and average pooling', [conv(1), pool]],
  ['the same with spectral normalisation', [conv(1, steady), pool]],
])('%s as one', (_name, layers) => {
  it.each(penalties.map((one) => [one.kind, one] as const))(
    'change a step with %s in its work alone',
    async (_kind, penalty) => {
      const together = buildNetworks(seenThrough(layers, penalty));
      const apart = unfolded(together);
      expect(workOf(stepGraph(together, BATCH))).toBeLessThan(workOf(stepGraph(apart, BATCH)));
      expectClose(await outcomeOf(together), await outcomeOf(apart));
    },
  );
});

describe('reals and fakes in one pass of D', () => {
  const drawn: Partial<Recipe> = {
    consistency: { kind: 'balanced', realWeight: 1, fakeWeight: 1, translation: 0.1 },
    discriminatorNoise: { pictures: 0.1, picturesSteps: 0, labels: 0.3 },
    augmentation: { ...trialRecipe().augmentation, translation: 0.125 },
  };
  it.each([
    ['plain', {}],
    ['with dropout, noise, exchanged labels and consistency', drawn],
    ['with a gradient penalty', { regularizer: penalties[1] }],
    ['with a lazy R1', { regularizer: RegularizerSettings.parse({ kind: 'r1', every: 2 }) }],
    ['in micro-batches', { training: { ...trialRecipe().training, discriminatorSteps: 2, microBatches: 2 } }],
  ] as const)('change a step in rounding alone: %s', async (_name, change) => {
    const own = seenThrough([conv(3), layer('drop', 'dropout')], { kind: 'none' });
    await expectSame(Recipe.parse({ ...own, ...change }));
  });

  it('change a step in rounding alone: with classes', async () => {
    const own = seenThrough([conv(3)], { kind: 'none' });
    const generator = own.generator.map((one) =>
      one.kind === 'batchNorm' ? { ...one, kind: 'conditionalBatchNorm' } : one,
    );
    const discriminator = [
      ...own.discriminator.slice(0, -1),
      layer('verdict', 'projectionHead', { initialDeviation: 0.2 }),
    ];
    await expectSame(Recipe.parse({ ...own, classes: ['cats', 'dogs'], generator, discriminator }));
  });

  it('cost as many multiplications', () => {
    const networks = buildNetworks(seenThrough([conv(3)], { kind: 'none' }));
    const together = stepGraph({ ...networks, judging: 'together' }, BATCH);
    expect(workOf(together)).toBe(workOf(stepGraph(networks, BATCH)));
    expect(together.nodes.length).toBeLessThan(stepGraph(networks, BATCH).nodes.length);
  });

  async function expectSame(recipe: Recipe): Promise<void> {
    const networks = buildNetworks(recipe);
    const [together, apart] = [await outcomeOf({ ...networks, judging: 'together' }), await outcomeOf(networks)];
    expectClose(together, apart);
  }
});

describe('folding counted alone, multiplications for each pixel that comes out, channel and filter', () => {
  const [SIDE, CHANNELS, FILTERS] = [8, 3, 5];
  const counted = (
    outSide: number,
    kernel: number,
    compute: (x: tf.Tensor4D, w: tf.Tensor4D) => tf.Tensor,
    side = SIDE,
  ) => {
    const graph = compile({ x: [2, side, side, CHANNELS], w: [kernel, kernel, CHANNELS, FILTERS] }, ({ x, w }) => ({
      y: compute(x as tf.Tensor4D, w as tf.Tensor4D),
    }));
    return workOf(graph) / (2 * outSide ** 2 * CHANNELS * FILTERS);
  };
  /** A convolution of the upsampled picture, and a transposed one of the small picture in its place. */
  const large = (kernel: number) => counted(2 * SIDE, kernel, (x, w) => tf.conv2d(x, w, 1, 'same'), 2 * SIDE);
  const stamped = (kernel: number) =>
    counted(2 * SIDE, kernel, (x, w) =>
      tf.conv2dTranspose(x, tf.transpose(w, [0, 1, 3, 2]), [2, 2 * SIDE, 2 * SIDE, FILTERS], 2, 'same'),
    );

  it('makes 4 of 9 behind nearest-neighbour upsampling, whose pixels repeat each other', () => {
    expect([large(3), stamped(4)]).toEqual([9, 4]);
  });

  it('would make 9 of 9 behind bilinear upsampling: 3×3 of its 4×4 stamps are 6×6, so it is left alone', () => {
    expect([large(3), stamped(6)]).toEqual([9, 9]);
  });
});

describe('Winograd’s products, with the sums before and behind them', () => {
  const [CHANNELS, FILTERS] = [64, 64];
  /** Of a convolution and its two gradients, as a fraction of what they take by columns. */
  const fraction = (kernel: number, stride: number) => {
    const graph = compile(
      { x: [16, 8, 8, CHANNELS], w: [kernel, kernel, CHANNELS, FILTERS] },
      ({ x, w }): Record<string, tf.Tensor> => {
        const convolved = (input: tf.Tensor, filter: tf.Tensor) =>
          tf.conv2d(input as tf.Tensor4D, filter as tf.Tensor4D, stride, 'same');
        const energy = (input: tf.Tensor, filter: tf.Tensor) => tf.sum(tf.square(convolved(input, filter)));
        const [dx, dw] = tf.grads(energy)([x as tf.Tensor, w as tf.Tensor]) as [tf.Tensor, tf.Tensor];
        return { y: convolved(x as tf.Tensor, w as tf.Tensor), dx, dw };
      },
    );
    const forms: FormChoice = new Map(
      graph.nodes.filter(({ kernel }) => kernel.name.startsWith('Conv2D')).map((node) => [node, 'winograd']),
    );
    const work = (model: ReturnType<typeof emitted>) => workOfModel(model, 'then_branch');
    return work(emitted(graph, { name: 'tiles', forms })) / workOf(graph);
  };

  it('are fewer than a convolution’s, where channels are many', () => {
    expect(fraction(4, 2)).toBeGreaterThan(9 / 16);
    expect(fraction(4, 2)).toBeLessThan(0.8);
    expect(fraction(3, 1)).toBeGreaterThan(16 / 36);
    expect(fraction(3, 1)).toBeLessThan(0.8);
  });
});

describe('a penalty that is taken now and then', () => {
  const networks = (every: number) =>
    buildNetworks(seenThrough([conv(3)], RegularizerSettings.parse({ kind: 'r1', every })));
  const work = (every: number, side: 'then_branch' | 'else_branch') =>
    workOfModel(emittedStep(networks(every), BATCH), side);
  const without = buildNetworks(seenThrough([conv(3)], { kind: 'none' }));

  it('costs nothing in a step without it, and in a step with it what it costs each time', () => {
    const none = workOfModel(emittedStep(without, BATCH), 'then_branch');
    expect(work(8, 'else_branch')).toBeLessThan(0.8 * work(8, 'then_branch'));
    expect(work(8, 'else_branch')).toBe(none);
    expect(work(8, 'then_branch')).toBe(work(1, 'then_branch'));
  });
});
