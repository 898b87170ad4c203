import { columns, convolutionOf, filterShape, inputShape, outputShape, type Convolution } from '../convolution';
import type { Emission } from '../emission';
import { sameShape, type Value } from '../graph';
import { defineKernel, inputOf } from '../kernel';
import { hasNativeFilterGradient, nativeFilterGradient } from '../nativeConvolution';
import type { OnnxTensor } from '../onnxTensor';
import { pixelRows } from '../shapes';
import { canWinograd, winogradFilterGradient, winogradOnCpu } from '../winograd';

/** Up to so many filters one product for all pictures keeps a single core busy: it takes 1.3 to 4 times as long as one for each (measured). */
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
  forms: (c) => ['columns', ...(hasNativeFilterGradient(c) ? ['native'] : []), ...(canWinograd(c) ? ['winograd'] : [])],
  usualOnCpu: winogradOnCpu,
  emit: (node, emission) => {
    const { inputs, attributes: c } = node;
    const [x, dy] = inputs;
    if (!x || !dy) throw new Error('Conv2DBackpropFilter has two inputs');
    const form = emission.formOf(node);
    if (form === 'native') return [nativeFilterGradient(x, dy, c, emission)];
    if (form === 'winograd') return [winogradFilterGradient(x, dy, c, emission)];
    const matrix = columns(x, c, emission);
    if (c.filters <= NARROW) return [sumOfPictures(matrix, dy, c, emission)];
    const gradient = emission.view(dy, pixelRows(dy.shape));
    return [emission.op('Gemm', [matrix, gradient], pixelRows(filterShape(c)), { transA: 1 })];
  },
});

/** The same product for each picture by itself, and then their sum. */
function sumOfPictures(matrix: OnnxTensor, dy: Value, c: Convolution, emission: Emission): OnnxTensor {
  const { batch, filters } = c;
  const places = c.outHeight * c.outWidth;
  const [height, width, channels] = filterShape(c) as [number, number, number];
  const patch = height * width * channels;
  const pictures = emission.view(matrix, [batch, places, patch]);
  const gradients = emission.op('Transpose', [emission.view(dy, [batch, places, filters])], [batch, filters, places], {
    perm: [0, 2, 1],
  });
  const each = emission.op('MatMul', [gradients, pictures], [batch, filters, patch]);
  const sum = emission.op('ReduceSum', [each, emission.integers([0])], [filters, patch], { keepdims: 0 });
  const turned = emission.view(sum, [filters, height, width, channels]);
  return emission.op('Transpose', [turned], filterShape(c), { perm: [1, 2, 3, 0] });
}

export const kernels = [conv2dBackpropFilter];
