import { shapeSize } from '#shared/recipe/layerKind';
import { util } from '@tensorflow/tfjs-core';
import { broadcastShape, sameShape } from '../graph';
import { defineKernel, inputOf } from '../kernel';
import type { OnnxTensor } from '../onnxTensor';

const reshape = defineKernel({
  name: 'Reshape',
  record: (call) => {
    const x = inputOf(call, 'x');
    const shape = util.inferFromImplicitShape(call.attrs['shape'] as number[], shapeSize(x.shape));
    return { inputs: [x], attributes: {}, outputs: [shape] };
  },
  shapes: ([x = []], _attributes, outputs) =>
    outputs[0] && shapeSize(outputs[0]) === shapeSize(x) ? outputs : 'it changes the number of elements',
  // Nothing to compute: whoever reads the output views it as it needs.
  emit: ({ inputs }, emission) => inputs.map((x) => emission.tensor(x)),
});

/** Repeats a value to a larger shape, where a kernel needs it in full. Made by the simplifier. */
const expand = defineKernel({
  name: 'Expand',
  shapes: ([x = []], _attributes, outputs) =>
    outputs[0] && sameShape(broadcastShape(x, outputs[0]) ?? [], outputs[0]) ? outputs : 'it cannot be repeated so',
  emit: ({ inputs, outputs }, emission) =>
    outputs.map(({ shape }): OnnxTensor => {
      const [x] = inputs;
      if (!x) throw new Error('Expand has no input');
      const small = x.origin.kind === 'splat' ? emission.tensor(x) : emission.view(x, x.shape);
      // A side that stays is left to ONNX by a 1: so a batch among them stays free.
      const missing = shape.length - small.shape.length;
      const target = shape.map((side, axis) => (small.shape[axis - missing] === side ? 1 : side));
      return emission.op('Expand', [small, emission.integers(target)], shape);
    }),
});

export const kernels = [reshape, expand];
