import type { Shape } from '#shared/recipe/layerKind';
import type { LayerNode } from '#shared/recipe/recipe';

export interface LayerExample {
  readonly settings: LayerNode['settings'];
  /** Shapes of its inputs, without batch. */
  readonly inputs: readonly Shape[];
}

const examples = (settings: readonly LayerNode['settings'][], ...inputs: readonly Shape[]): LayerExample[] =>
  settings.map((one) => ({ settings: one, inputs }));

/** Another border on each side. */
const UNEVEN = { border: 1, borderBottom: 0, borderRight: 2 };

/** What each layer is tried with: every setting that changes the computation, on shapes small enough for finite differences. */
export const layerExamples: Readonly<Record<string, readonly LayerExample[]>> = {
  averagePool: [
    ...examples([{}, { size: 3, stride: 2, padding: 'same' }, { size: 2, stride: 1 }], [4, 6, 2]),
    ...examples([{ size: 3, stride: 3 }], [7, 8, 2]),
    ...examples(
      [
        { size: 1, sizeWidth: 3, strideWidth: 3 },
        { sizeWidth: 3, stride: 1, strideWidth: 2 },
      ],
      [4, 6, 2],
    ),
  ],
  batchNorm: [...examples([{}, { momentum: 0.4, epsilon: 0.01 }], [3, 4, 2]), ...examples([{}], [5])],
  classEmbedding: [
    ...examples([{}, { size: 3, initialDeviation: 0.1 }], [5]),
    ...examples([{ size: 2, spectralNorm: true }], [2, 3, 2]),
  ],
  concatenate: [...examples([{}], [3, 2, 2], [3, 2, 3], [3, 2, 1]), ...examples([{}], [4], [2])],
  conditionalBatchNorm: [...examples([{}, { momentum: 0.4, epsilon: 0.01 }], [3, 4, 2]), ...examples([{}], [5])],
  conv2d: [
    ...examples([{ filters: 3 }, { filters: 2, kernel: 3, padding: 'valid', useBias: false }], [6, 5, 2]),
    ...examples(
      [
        { filters: 3, kernel: 3, stride: 1 },
        { filters: 2, kernel: 1, stride: 1 },
      ],
      [4, 4, 3],
    ),
    ...examples([{ filters: 2, kernel: 3, stride: 2, padding: 'explicit', border: 2 }], [4, 5, 2]),
    ...examples([{ filters: 2, kernel: 3, outside: 'reflect' }], [5, 4, 2]),
    ...examples([{ filters: 2, kernel: 5, stride: 1, padding: 'explicit', border: 2, outside: 'reflect' }], [3, 4, 2]),
    ...examples([{ filters: 6, kernel: 3, stride: 1, groups: 2, spectralNorm: true }], [4, 3, 4]),
    ...examples([{ filters: 3, kernel: 3, kernelWidth: 5, stride: 1, strideWidth: 2 }], [4, 6, 2]),
    ...examples([{ filters: 2, kernel: 1, kernelWidth: 3, outside: 'reflect', spectralNorm: true }], [4, 5, 2]),
    ...examples([{ filters: 2, kernel: 4, kernelWidth: 2, stride: 1, padding: 'explicit', ...UNEVEN }], [3, 4, 2]),
    ...examples([{ filters: 2, kernel: 3, stride: 1, padding: 'explicit', outside: 'reflect', ...UNEVEN }], [3, 4, 2]),
  ],
  conv2dTranspose: [
    ...examples([{ filters: 3 }, { filters: 2, kernel: 3, padding: 'valid', useBias: false }], [3, 4, 2]),
    ...examples([{ filters: 2, kernel: 5, stride: 1 }], [4, 4, 3]),
    ...examples([{ filters: 2, kernel: 4, padding: 'explicit', border: 1, spectralNorm: true }], [3, 2, 3]),
    ...examples([{ filters: 2, kernel: 4, kernelWidth: 3, strideWidth: 1, spectralNorm: true }], [3, 4, 2]),
    ...examples([{ filters: 2, kernel: 2, kernelWidth: 6, strideWidth: 3 }], [8, 8, 1]),
    ...examples([{ filters: 2, kernel: 4, kernelWidth: 5, padding: 'explicit', ...UNEVEN }], [3, 2, 2]),
  ],
  dense: examples([{ units: 3 }, { units: 2, useBias: false }, { units: 3, spectralNorm: true }], [5]),
  depthwiseConv2d: [
    ...examples([{}, { stride: 2, kernel: 4, useBias: false }, { padding: 'explicit', border: 2 }], [5, 4, 3]),
    ...examples([{ padding: 'valid' }, { kernelWidth: 2, strideWidth: 3 }], [4, 5, 2]),
    ...examples([{ kernel: 2, kernelWidth: 3, padding: 'explicit', ...UNEVEN }], [4, 3, 2]),
    ...examples([{ outside: 'reflect', spectralNorm: true }], [4, 5, 3]),
    ...examples([{ stride: 2, padding: 'explicit', outside: 'reflect', ...UNEVEN }], [4, 3, 2]),
  ],
  dropout: [...examples([{}, { rate: 0.2 }], [3, 2, 4]), ...examples([{ rate: 0 }], [6])],
  elu: examples([{}, { alpha: 0.4 }], [3, 3, 2]),
  flatten: examples([{}], [2, 3, 2]),
  gaussianNoise: examples([{}, { deviation: 1 }], [3, 2, 3]),
  gelu: examples([{}], [3, 3, 2]),
  globalAveragePool: examples([{}], [3, 4, 3]),
  glu: [...examples([{}], [3, 3, 4]), ...examples([{}], [6])],
  groupNorm: [...examples([{}, { groups: 3, affine: false }], [3, 2, 6]), ...examples([{ groups: 2 }], [8])],
  instanceNorm: examples([{}, { affine: false, epsilon: 0.01 }], [3, 4, 2]),
  layerNorm: [...examples([{}, { affine: false }], [3, 2, 3]), ...examples([{}], [7])],
  leakyRelu: examples([{}, { slope: 0.7 }], [3, 3, 2]),
  linear: examples([{}], [3, 3, 2]),
  maxPool: [
    ...examples([{}, { size: 3, stride: 2, padding: 'same' }, { size: 2, stride: 1 }], [4, 6, 2]),
    ...examples([{ size: 3, stride: 3 }], [7, 8, 2]),
    ...examples([{ size: 1, sizeWidth: 3, strideWidth: 2 }], [4, 6, 2]),
  ],
  minibatchStandardDeviation: examples([{}, { groupSize: 3 }], [2, 3, 2]),
  pixelNorm: [...examples([{}, { epsilon: 0.01 }], [3, 2, 4]), ...examples([{}], [6])],
  pixelShuffle: [...examples([{}], [3, 2, 8]), ...examples([{ factor: 3 }], [2, 2, 9])],
  projectionHead: examples([{}, { useBias: false, initializer: 'he' }, { spectralNorm: true }], [7]),
  relu: [...examples([{}], [3, 3, 2]), ...examples([{}], [6])],
  reshape: examples([{ height: 2, width: 3, channels: 2 }], [12]),
  residualAdd: [...examples([{}], [3, 2, 2], [3, 2, 2]), ...examples([{}], [4], [4], [4])],
  selfAttention: [...examples([{}, { spectralNorm: true }], [2, 3, 8]), ...examples([{ reduction: 2 }], [3, 2, 4])],
  selu: examples([{}], [3, 3, 2]),
  sigmoid: examples([{}], [3, 3, 2]),
  silu: examples([{}], [3, 3, 2]),
  skipLayerExcitation: [
    ...examples([{}, { spectralNorm: true }], [4, 6, 3], [4, 4, 2]),
    ...examples([{}], [2, 2, 2], [6, 3, 1]),
  ],
  softplus: examples([{}], [3, 3, 2]),
  tanh: examples([{}], [3, 3, 2]),
  upsample: examples([{}, { factor: 3 }, { method: 'bilinear' }, { method: 'bilinear', factor: 3 }], [3, 4, 2]),
};
