import { shapeSize } from '#shared/recipe/layerKind';
import { columns, convolutionOf, filterShape, inputShape, outputShape, type Convolution } from '../convolution';
import { sameShape } from '../graph';
import { defineKernel, inputOf } from '../kernel';
import { nativeConvolution } from '../nativeConvolution';
import { canWinograd, winogradConvolution, winogradOnCpu } from '../winograd';

const conv2d = defineKernel<Convolution>({
  name: 'Conv2D',
  record: (call) => {
    const inputs = [inputOf(call, 'x'), inputOf(call, 'filter')] as const;
    const c = convolutionOf(inputs[0].shape, inputs[1].shape, call.attrs);
    return { inputs, attributes: c, outputs: [outputShape(c)] };
  },
  shapes: ([x = [], filter = []], c) =>
    sameShape(x, inputShape(c)) && sameShape(filter, filterShape(c)) ? [outputShape(c)] : 'its inputs do not fit',
  forms: (c) => ['columns', 'native', ...(canWinograd(c) ? ['winograd'] : [])],
  usualOnCpu: winogradOnCpu,
  emit: (node, emission) => {
    const { inputs, attributes: c } = node;
    const [x, filter] = inputs;
    if (!x || !filter) throw new Error('Conv2D has two inputs');
    const form = emission.formOf(node);
    if (form === 'native') return [nativeConvolution(x, filter, c, emission)];
    if (form === 'winograd') return [winogradConvolution(x, filter, c, emission)];
    const matrix = columns(x, c, emission);
    const kernel = emission.view(filter, [c.kernelHeight * c.kernelWidth * c.channels, c.filters]);
    return [emission.op('MatMul', [matrix, kernel], [shapeSize(outputShape(c)) / c.filters, c.filters])];
  },
});

export const kernels = [conv2d];
