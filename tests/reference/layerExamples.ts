import type { Shape } from '#shared/recipe/layerKind';
import type { LayerNode } from '#shared/recipe/recipe';

export interface LayerExample {
  readonly settings: LayerNode['settings'];
  /** Shapes of its inputs, without batch. */
  readonly inputs: readonly Shape[];
}

const examples = (settings: readonly LayerNode['settings'][], ...inputs: readonly Shape[]): LayerExample[] =>
  settings.map((one) => ({ settings: one, inputs }));

/** What each layer is tried with: every setting that changes the computation, on shapes small enough for finite differences. */
export const layerExamples: Readonly<Record<string, readonly LayerExample[]>> = {
  batchNorm: [...examples([{}, { momentum: 0.4, epsilon: 0.01 }], [3, 4, 2]), ...examples([{}], [5])],
  concatenate: [...examples([{}], [3, 2, 2], [3, 2, 3], [3, 2, 1]), ...examples([{}], [4], [2])],
  conv2d: [
    ...examples([{ filters: 3 }, { filters: 2, kernel: 3, padding: 'valid', useBias: false }], [6, 5, 2]),
    ...examples(
      [
        { filters: 3, kernel: 3, stride: 1 },
        { filters: 2, kernel: 1, stride: 1 },
      ],
      [4, 4, 3],
    ),
  ],
  conv2dTranspose: [
    ...examples([{ filters: 3 }, { filters: 2, kernel: 3, padding: 'valid', useBias: false }], [3, 4, 2]),
    ...examples([{ filters: 2, kernel: 5, stride: 1 }], [4, 4, 3]),
  ],
  dense: examples([{ units: 3 }, { units: 2, useBias: false }], [5]),
  elu: examples([{}, { alpha: 0.4 }], [3, 3, 2]),
  flatten: examples([{}], [2, 3, 2]),
  gelu: examples([{}], [3, 3, 2]),
  glu: [...examples([{}], [3, 3, 4]), ...examples([{}], [6])],
  leakyRelu: examples([{}, { slope: 0.7 }], [3, 3, 2]),
  linear: examples([{}], [3, 3, 2]),
  relu: [...examples([{}], [3, 3, 2]), ...examples([{}], [6])],
  reshape: examples([{ height: 2, width: 3, channels: 2 }], [12]),
  residualAdd: [...examples([{}], [3, 2, 2], [3, 2, 2]), ...examples([{}], [4], [4], [4])],
  selu: examples([{}], [3, 3, 2]),
  sigmoid: examples([{}], [3, 3, 2]),
  silu: examples([{}], [3, 3, 2]),
  softplus: examples([{}], [3, 3, 2]),
  tanh: examples([{}], [3, 3, 2]),
};
