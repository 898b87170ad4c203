import type { Shape } from '#shared/recipe/layerKind';
import type { Emission } from '../emission';
import { broadcastShape, type Attributes } from '../graph';
import { defineKernel, inputOf } from '../kernel';
import type { OnnxTensor } from '../onnxTensor';

interface Transposes extends Attributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The product of two matrices, or of two stacks of them where one may be a single matrix for all; a sentence where there is none. */
function productShape([a = [], b = []]: readonly Shape[], { transposeA, transposeB }: Transposes): Shape | string {
  const [aRows, aColumns] = transposeA ? a.slice(-2).toReversed() : a.slice(-2);
  const [bRows, bColumns] = transposeB ? b.slice(-2).toReversed() : b.slice(-2);
  const stacks = broadcastShape(a.slice(0, -2), b.slice(0, -2));
  const fits = a.length === b.length && a.length >= 2 && aColumns === bRows;
  if (!fits || !stacks || aRows === undefined || bColumns === undefined) {
    return 'its operands are not matrices that fit';
  }
  return [...stacks, aRows, bColumns];
}

/** A stack of matrices, each transposed. */
function turnedMatrices(stack: OnnxTensor, emission: Emission): OnnxTensor {
  const axes = stack.shape.map((_, axis) => axis);
  const perm = [...axes.slice(0, -2), ...axes.slice(-2).toReversed()];
  const shape = perm.map((axis) => stack.shape[axis] ?? 1);
  return emission.op('Transpose', [stack], shape, { perm });
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
    if (typeof shape === 'string') throw new Error(`BatchMatMul: ${shape}`);
    return { inputs, attributes, outputs: [shape] };
  },
  shapes: (inputs, attributes) => {
    const shape = productShape(inputs, attributes);
    return typeof shape === 'string' ? shape : [shape];
  },
  emit: ({ inputs, outputs, attributes: { transposeA, transposeB } }, emission) => {
    const operands = inputs.map((input) => emission.view(input, input.shape));
    return outputs.map(({ shape }) => {
      if (!transposeA && !transposeB) return emission.op('MatMul', operands, shape);
      if (shape.length === 2) {
        return emission.op('Gemm', operands, shape, { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 });
      }
      // Gemm knows no stacks.
      const turned = operands.map((operand, index) =>
        (index === 0 ? transposeA : transposeB) ? turnedMatrices(operand, emission) : operand,
      );
      return emission.op('MatMul', turned, shape);
    });
  },
});

export const kernels = [matMul];
