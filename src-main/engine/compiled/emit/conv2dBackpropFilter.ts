import { columns, convolutionOf, filterShape, inputShape, outputShape, type Convolution } from '../convolution';
import { sameShape } from '../graph';
import { defineKernel, inputOf } from '../kernel';
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
  emit: ({ inputs, attributes: c }, emission) => {
    const [x, dy] = inputs;
    if (!x || !dy) throw new Error('Conv2DBackpropFilter has two inputs');
    const operands = [columns(x, c, emission), emission.view(dy, pixelRows(dy.shape))];
    return [emission.op('Gemm', operands, pixelRows(filterShape(c)), { transA: 1 })];
  },
});

export const kernels = [conv2dBackpropFilter];
