import type { Shape } from '#shared/recipe/layerKind';
import type { Attributes } from '../graph';
import { defineKernel, inputOf } from '../kernel';

interface Permutation extends Attributes {
  readonly perm: readonly number[];
}

const permuted = (shape: Shape, perm: readonly number[]): Shape => perm.map((axis) => shape[axis] ?? 0);

const transpose = defineKernel<Permutation>({
  name: 'Transpose',
  record: (call) => {
    const x = inputOf(call, 'x');
    const perm = call.attrs['perm'] as number[];
    return { inputs: [x], attributes: { perm }, outputs: [permuted(x.shape, perm)] };
  },
  shapes: ([x = []], { perm }) => (perm.length === x.length ? [permuted(x, perm)] : 'its axes are not as many'),
  emit: ({ inputs, outputs, attributes: { perm } }, emission) =>
    outputs.map(({ shape }) => {
      const [x] = inputs;
      if (!x) throw new Error('Transpose has no input');
      return emission.op('Transpose', [emission.view(x, x.shape)], shape, { perm });
    }),
});

export const kernels = [transpose];
