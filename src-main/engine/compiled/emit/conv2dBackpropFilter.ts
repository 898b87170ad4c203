import { columns, convolutionOf, filterShape, inputShape, outputShape, type Convolution } from '../convolution';
import { sameShape } from '../graph';
import { defineKernel, inputOf } from '../kernel';
import { hasNativeFilterGradient, nativeFilterGradient } from '../nativeConvolution';
import { pixelRows } from '../shapes';

/** A convolution's gradient with respect to its kernel: the column matrix, transposed, times the output's gradient. */
const conv2dBackpropFilter = defineKernel<Convolution>({
  name: 'Conv2DBackpropFilter',
  record: (call) => {
    const inputs = [inputOf(call, 'x'), inputOf(call, 'dy')] as const;
    const c = convolutionOf(inputs[0].shape, call.attrs['filterShape'] as number[], call.attrs);
    return { inputs, attributes: c, outputs: [filterShape(c)] };
  },
  shapes: ([x = [], dy = []], c) =>
    sameShape(x, inputShape(c)) && sameShape(dy, outputShape(c)) ? [filterShape(c)] : 'its inputs do not fit',
  forms: (c) => (hasNativeFilterGradient(c) ? ['columns', 'native'] : ['columns']),
  emit: (node, emission) => {
    const { inputs, attributes: c } = node;
    const [x, dy] = inputs;
    if (!x || !dy) throw new Error('Conv2DBackpropFilter has two inputs');
    if (emission.formOf(node) === 'native') return [nativeFilterGradient(x, dy, c, emission)];
    const matrix = columns(x, c, emission);
    const gradient = emission.view(dy, pixelRows(dy.shape));
    const [rows = 1, filters = 1] = pixelRows(filterShape(c));
    if (rows <= filters) return [emission.op('Gemm', [matrix, gradient], [rows, filters], { transA: 1 })];
    // The product transposes its first operand as it goes, which costs less on the narrower one.
    const transposed = emission.op('Gemm', [gradient, matrix], [filters, rows], { transA: 1 });
    return [emission.op('Transpose', [transposed], [rows, filters], { perm: [1, 0] })];
  },
});

export const kernels = [conv2dBackpropFilter];
