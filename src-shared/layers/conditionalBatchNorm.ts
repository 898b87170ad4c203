import { batchNormSettings, centredByStatistics, runningStatistics } from '../recipe/batchStatistics';
import { defineLayer } from '../recipe/layerKind';
import { ofClass } from '../recipe/labels';

/**
 * Conditional batch normalisation (Dumoulin et al. 2017; de Vries et al. 2017): batch normalisation whose scale and shift belong to the class, while the
 * statistics are those of all classes together.
 */
export const conditionalBatchNorm = defineLayer({
  id: 'conditionalBatchNorm',
  title: 'Conditional batch normalisation',
  group: 'normalisation',
  mixesBatch: true,
  conditional: true,
  help: 'Batch normalisation with a scale and a shift of its own for each class. In a generator it tells every level which class is wanted; put it where batch normalisation stood.',
  settings: batchNormSettings,
  outputShape: (input) => input,
  weights: (input, { initialDeviation }, classes) => {
    const shape = [classes, input.at(-1) ?? 1];
    return {
      gamma: { shape, init: { kind: 'normal', mean: 1, deviation: initialDeviation }, role: 'trained' },
      beta: { shape, init: { kind: 'zeros' }, role: 'trained' },
      ...runningStatistics(input),
    };
  },
  apply: (tf, x, weights, settings, context) => {
    const { centred, inverseSpread } = centredByStatistics(tf, x, weights, settings, context);
    const scale = ofClass(tf, weights['gamma'], context, x.rank);
    return tf.add(tf.mul(centred, tf.mul(inverseSpread, scale)), ofClass(tf, weights['beta'], context, x.rank));
  },
});
