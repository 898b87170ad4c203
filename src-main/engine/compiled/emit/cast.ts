import { inputOf, type Kernel } from '../kernel';

/** ONNX's numbers of the types. Not int64: WebGPU's shaders have none. */
const INT32 = 6;
const FLOAT = 1;

/** Towards zero, as TensorFlow.js's cast to int32; values stay float32, which holds whole numbers up to 2²⁴. */
const truncate: Kernel = {
  name: 'Cast',
  record: (call) => {
    const x = inputOf(call, 'x');
    return { inputs: [x], attributes: {}, outputs: [x.shape] };
  },
  shapes: (inputs) => inputs,
  fold: (_attributes, x = NaN) => Math.trunc(x),
  emit: ({ inputs }, emission) =>
    inputs.map((value) => {
      const x = emission.tensor(value);
      const whole = emission.op('Cast', [x], x.shape, { to: INT32 });
      return emission.op('Cast', [whole], x.shape, { to: FLOAT });
    }),
};

export const kernels = [truncate];
