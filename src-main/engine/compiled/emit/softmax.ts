import { fail } from '#shared/contract/errors';
import { defineKernel, inputOf } from '../kernel';

/** Softmax over the last axis, the only one that TensorFlow.js's kernel is called with. */
const softmax = defineKernel({
  name: 'Softmax',
  record: (call) => {
    const logits = inputOf(call, 'logits');
    const dim = Number(call.attrs['dim']);
    if (dim !== -1 && dim !== logits.shape.length - 1)
      fail('engine.unsupported', { kernel: 'Softmax of an inner axis' });
    return { inputs: [logits], attributes: {}, outputs: [logits.shape] };
  },
  shapes: (inputs) => inputs,
  emit: ({ inputs }, emission) =>
    inputs.map((x) => emission.op('Softmax', [emission.view(x, x.shape)], x.shape, { axis: -1 })),
});

export const kernels = [softmax];
