import { columns, convolutionOf, filterShape, inputShape, outputShape, type Convolution } from '../convolution';
import { sameShape } from '../graph';
import { defineKernel, inputOf } from '../kernel';
import { hasNativeFilterGradient, nativeFilterGradient } from '../nativeConvolution';
import { pixelRows } from '../shapes';

/** Up to so many filters the product is quicker the other way round: 3 times with 3 of them, a tenth with 32, no more with 64 (measured). */
const NARROW = 32;

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
    if (rows <= filters || filters > NARROW) {
      return [emission.op('Gemm', [matrix, gradient], [rows, filters], { transA: 1 })];
    }
    // The product transposes its first operand as it goes, which costs less on the narrower one. ONNX Runtime would turn a Transpose right behind it back.
    const turned = emission.op('Gemm', [gradient, matrix], [filters, rows], { transA: 1 });
    const [height, width, channels] = filterShape(c) as [number, number, number];
    const shaped = emission.view(turned, [filters, height, width, channels]);
    return [emission.op('Transpose', [shaped], filterShape(c), { perm: [1, 2, 3, 0] })];
  },
});

export const kernels = [conv2dBackpropFilter];
