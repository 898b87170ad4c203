import { z } from 'zod';
import { defineJoin, describeShape, LayerMisfit } from '../recipe/layerKind';

/** The sum of layers of one shape: what a residual block ends with (He et al. 2016, section 3.2). */
export const residualAdd = defineJoin({
  id: 'residualAdd',
  title: 'Add',
  group: 'join',
  joins: true,
  help: 'Adds the outputs of two or more layers, number by number. The end of a residual block: what goes around the block is added to what went through it, so deep networks keep their gradients.',
  settings: z.strictObject({}),
  outputShape: (inputs) => {
    const [first] = inputs;
    if (!first || inputs.length < 2) {
      throw new LayerMisfit('Add needs two inputs or more, but gets one', 'Name a second layer as its input');
    }
    const other = inputs.find((shape) => describeShape(shape) !== describeShape(first));
    if (other) {
      throw new LayerMisfit(
        `Add needs inputs of one shape, but gets ${describeShape(first)} and ${describeShape(other)}`,
        'Bring them to one shape first, for instance by a 1×1 convolution',
      );
    }
    return first;
  },
  weights: () => ({}),
  apply: (tf, xs) => xs.reduce((sum, x) => tf.add(sum, x)),
});
