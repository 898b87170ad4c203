import { averagePool } from '#shared/layers/averagePool';
import { conv2d } from '#shared/layers/conv2d';
import { upsample } from '#shared/layers/upsample';
import type { CheckedLayer } from '#shared/recipe/check';
import { slidesOf } from '#shared/recipe/convolution';
import { applyLayer, type LayerKind, type PassContext, type Shape, type Tf } from '#shared/recipe/layerKind';
import { layerKinds } from '#shared/recipe/layerRegistry';
import { windowOf } from '#shared/recipe/pooling';
import { inTiles, resamplingWork } from '#shared/recipe/resampling';
import { spectrallyNormalised } from '#shared/recipe/spectral';
import { NETWORK_INPUT } from '#shared/recipe/wiring';
import type { Tensor, Tensor2D, Tensor4D } from '@tensorflow/tfjs-core';

type Weights = Readonly<Record<string, Tensor>>;

/** Two layers as one: what the first took, and the weights of both → what the second gives. Its gradients follow by differentiation. */
export type Fold = (tf: Tf, x: Tensor, weights: Weights, context: PassContext) => Tensor;

/** A layer as folding looks at it. */
export type FoldedLayer = Pick<CheckedLayer, 'settings' | 'input'> & {
  readonly node: Pick<CheckedLayer['node'], 'kind'>;
};

const convolution = {
  kernelWidth: 0,
  stride: 1,
  strideWidth: 0,
  outside: 'zero',
  groups: 1,
};
const convolution3 = { ...convolution, kernel: 3, padding: 'same' };
const halving = { size: 2, sizeWidth: 0, stride: 2, strideWidth: 0 };

/**
 * How a layer and the one it reads are computed as one, where that is less work. Bilinear upsampling and a wider convolution are not among them: as one they
 * take as many multiplications (work.test.ts counts them), and differ at the border, where the one repeats pixels and the other reads zeros.
 */
export function foldOf(before: FoldedLayer, layer: FoldedLayer): Fold | undefined {
  if (has(layer, 'conv2d', convolution3) && has(before, 'upsample', { factor: 2, method: 'nearest' })) {
    return withKernel(upsampledConvolution);
  }
  if (has(before, 'conv2d', convolution3) && has(layer, 'averagePool', halving) && isEven(layer.input)) {
    return withKernel(convolutionHalved);
  }
  // Where pixels are convolved each by itself, it does not matter how many copies there are of one, or in which mean it ends.
  const enlarged = before.node.kind === upsample.id && isPointwise(layer) && swapSaves(before, layer);
  const shrunk = layer.node.kind === averagePool.id && isPointwise(before) && swapSaves(layer, before);
  return enlarged || shrunk ? inTurn(layer, before) : undefined;
}

/**
 * Whether a convolution of single pixels is less work at the smaller of the two sizes between which another layer leads: that one then has the channels
 * to resize that come out of the convolution, not those that go in, or the other way round.
 */
function swapSaves(sizing: FoldedLayer, pointwise: FoldedLayer): boolean {
  const [height = 1, width = 1] = sizing.input ?? [];
  const channels = pointwise.input?.at(-1) ?? 1;
  const { filters } = conv2d.settings.parse(pointwise.settings);
  const { rows, columns, work } = resizing(sizing, height, width);
  const fewer = Math.abs(rows.outSide * columns.outSide - height * width) * channels * filters;
  const more = (rows.outSide > height ? filters - channels : channels - filters) * work;
  return more < fewer;
}

/** The sides of what a layer resizes, and its multiply-adds for each channel: repeated pixels and means of tiles take none. */
function resizing({ node, settings }: FoldedLayer, height: number, width: number) {
  if (node.kind === averagePool.id) {
    const { rows, columns } = slidesOf(height, width, windowOf(averagePool.settings.parse(settings)));
    return { rows, columns, work: inTiles(rows, columns) ? 0 : resamplingWork(rows, columns) };
  }
  const { factor, method } = upsample.settings.parse(settings);
  const rows = { side: height, outSide: height * factor };
  const columns = { side: width, outSide: width * factor };
  return { rows, columns, work: method === 'nearest' ? 0 : resamplingWork(rows, columns) };
}

const isPointwise = (layer: FoldedLayer): boolean =>
  ['same', 'valid'].some((padding) => has(layer, 'conv2d', { ...convolution, kernel: 1, padding }));

/**
 * For each layer how it is computed together with the one it reads. One that is folded into a layer is folded into all that read it: else it would be
 * computed twice.
 */
export function foldsOf(layers: readonly (FoldedLayer & Pick<CheckedLayer, 'sources'>)[]): (Fold | undefined)[] {
  const folds = layers.map((layer) => {
    const [source = NETWORK_INPUT, ...others] = layer.sources;
    const before = layers[source];
    return before && others.length === 0 ? foldOf(before, layer) : undefined;
  });
  // What is folded itself is there for nobody to be folded into: its own first layer is gone.
  const free = folds.map((fold, index) => (folds[layers[index]?.sources[0] ?? NETWORK_INPUT] ? undefined : fold));
  const readers = (source: number) => layers.flatMap(({ sources }, index) => (sources.includes(source) ? [index] : []));
  return free.map((fold, index) => {
    const [source = NETWORK_INPUT] = layers[index]?.sources ?? [];
    return readers(source).every((reader) => free[reader]) ? fold : undefined;
  });
}

function has(layer: FoldedLayer, kind: string, wanted: Readonly<Record<string, unknown>>): boolean {
  const settings = layer.settings as Readonly<Record<string, unknown>>;
  return layer.node.kind === kind && Object.entries(wanted).every(([key, value]) => settings[key] === value);
}

const isEven = ([height = 1, width = 1]: Shape = []): boolean => height % 2 === 0 && width % 2 === 0;

const withKernel =
  (convolve: (tf: Tf, x: Tensor, kernel: Tensor) => Tensor): Fold =>
  (tf, x, { kernel, bias, direction }, context) => {
    const output = convolve(tf, x, spectrallyNormalised(tf, kernel as Tensor, direction, context));
    return bias ? tf.add(output, bias) : output;
  };

/** The two layers in this order instead of the other. */
const inTurn =
  (...layers: readonly FoldedLayer[]): Fold =>
  (tf, x, weights, context) =>
    layers.reduce(
      (map, { node, settings }) =>
        applyLayer(tf, layerKinds.get(node.kind) as LayerKind, [map], weights, settings, context),
      x,
    );

/**
 * A 3×3 convolution of a picture whose pixels were repeated 2×2, without repeating them: a transposed convolution 4×4 with stride 2, which has 2.25 times
 * fewer multiplications. Each of its weights is the sum of those that fall on the same source pixel. `x` `[N, H, W, C]`, `kernel` `[3, 3, C, F]` →
 * `[N, 2·H, 2·W, F]`.
 */
function upsampledConvolution(tf: Tf, x: Tensor, kernel: Tensor): Tensor {
  const [batch = 1, height = 1, width = 1] = x.shape;
  const filters = kernel.shape[3] ?? 1;
  // Output row 2·y + r − 1 gets, from source row y stamped with row r, those rows k that read one of its two copies, 2·y or 2·y + 1.
  const stamp = tf.transpose(
    widened(tf, kernel, (k, copy) => 2 - k + copy, 1),
    [0, 1, 3, 2],
  ) as Tensor4D;
  return tf.conv2dTranspose(x as Tensor4D, stamp, [batch, 2 * height, 2 * width, filters], 2, 'same');
}

/**
 * A 3×3 convolution whose output is halved by means of 2×2 pixels, without computing all of it: a convolution 4×4 with stride 2, which has 2.25 times fewer
 * multiplications. `x` `[N, 2·H, 2·W, C]`, `kernel` `[3, 3, C, F]` → `[N, H, W, F]`.
 */
function convolutionHalved(tf: Tf, x: Tensor, kernel: Tensor): Tensor {
  // The mean's pixel 2·y + copy sees source row 2·y + copy + k − 1 through row k.
  const mean = widened(tf, kernel, (k, copy) => k + copy, 1 / 4) as Tensor4D;
  return tf.conv2d(x as Tensor4D, mean, 2, 'same');
}

/** `[3, 3, C, F] → [4, 4, C, F]`: each row k of the kernel is added to rows `place(k, 0)` and `place(k, 1)`, its columns likewise, times `share`. */
function widened(tf: Tf, kernel: Tensor, place: (k: number, copy: 0 | 1) => number, share: number): Tensor {
  const [, , channels = 1, filters = 1] = kernel.shape;
  const matrix = new Float32Array(16 * 9);
  for (let k = 0; k < 3; k++)
    for (let l = 0; l < 3; l++)
      for (const a of [0, 1] as const)
        for (const b of [0, 1] as const) matrix[(place(k, a) * 4 + place(l, b)) * 9 + k * 3 + l] = share;
  const columns = tf.reshape(kernel, [9, channels * filters]) as Tensor2D;
  return tf.reshape(tf.matMul(tf.tensor2d(matrix, [16, 9]), columns), [4, 4, channels, filters]);
}
