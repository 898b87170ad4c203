import { fail } from '#shared/contract/errors';
import type { Shape } from '#shared/recipe/layerKind';
import type { Attributes } from '../graph';
import { defineKernel, inputOf } from '../kernel';

interface Transposes extends Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Rows, inner side and columns of a product of two matrices, or a sentence where there is none. */
function productShape([a, b]: readonly Shape[], { transposeA, transposeB }: Transposes): Shape | string {
  const [aRows, aColumns] = transposeA ? (a ?? []).toReversed() : (a ?? []);
  const [bRows, bColumns] = transposeB ? (b ?? []).toReversed() : (b ?? []);
  const matrices = a?.length === 2 && b?.length === 2;
  if (!matrices || aRows === undefined || bColumns === undefined || aColumns !== bRows) {
    return 'its operands are not matrices that fit';
  }
  return [aRows, bColumns];
}

const matMul = defineKernel<Transposes>({
  name: 'BatchMatMul',
  record: (call) => {
    const inputs = [inputOf(call, 'a'), inputOf(call, 'b')];
    const attributes = {
      transposeA: call.attrs['transposeA'] === true,
      transposeB: call.attrs['transposeB'] === true,
    };
    const shape = productShape(
      inputs.map((input) => input.shape),
      attributes,
    );
    // TensorFlow.js multiplies stacks of matrices too; no layer here does.
    if (typeof shape === 'string') fail('engine.unsupported', { kernel: 'BatchMatMul of stacks' });
    return { inputs, attributes, outputs: [shape] };
  },
  shapes: (inputs, attributes) => {
    const shape = productShape(inputs, attributes);
    return typeof shape === 'string' ? shape : [shape];
  },
  emit: ({ inputs, outputs, attributes: { transposeA, transposeB } }, emission) => {
    const operands = inputs.map((input) => emission.view(input, input.shape));
    const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
    return outputs.map(({ shape }) =>
      transposeA || transposeB
        ? emission.op('Gemm', operands, shape, attributes)
        : emission.op('MatMul', operands, shape),
    );
  },
});

export const kernels = [matMul];
