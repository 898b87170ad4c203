import { fail } from '#shared/contract/errors';
import { broadcastShape, type Attributes } from '../graph';
import { defineKernel, inputOf, type Kernel } from '../kernel';
import type { OnnxAttribute } from '../onnx';
import type { Emission } from '../emission';
import type { OnnxTensor } from '../onnxTensor';
import { emitElementwise } from '../shapes';

/** How a kernel of one operand is written in ONNX. */
type Write = (x: OnnxTensor, emission: Emission) => OnnxTensor;

/** ONNX's operator of the same meaning. */
export const as =
  (type: string, attributes: Readonly<Record<string, OnnxAttribute>> = {}): Write =>
  (x, emission) =>
    emission.op(type, [x], x.shape, attributes);

/** Near float32's largest number: HardSigmoid with this slope is the step function, three times as fast as a comparison. */
const STEEP = 3e38;

export function unary(name: string, fold: (x: number) => number, write: Write): Kernel {
  return {
    name,
    record: (call) => {
      const x = inputOf(call, 'x');
      return { inputs: [x], attributes: {}, outputs: [x.shape] };
    },
    shapes: (inputs) => inputs,
    fold: (_attributes, x = NaN) => fold(x),
    emit: ({ inputs }, emission) => inputs.map((x) => write(emission.tensor(x), emission)),
  };
}

function binary(name: string, type: string, fold: (a: number, b: number) => number): Kernel {
  return {
    name,
    record: (call) => {
      const inputs = [inputOf(call, 'a'), inputOf(call, 'b')];
      const shape = broadcastShape(...inputs.map((input) => input.shape)) ?? [];
      return { inputs, attributes: {}, outputs: [shape] };
    },
    shapes: (inputs) => {
      const shape = inputs.length === 2 && broadcastShape(...inputs);
      return shape ? [shape] : 'its operands do not fit';
    },
    fold: (_attributes, a = NaN, b = NaN) => fold(a, b),
    emit: (node, emission) => [emitElementwise(node, emission, type)],
  };
}

/** TensorFlow.js's step has a slope for x ≤ 0; the compiler writes plain steps. */
const step: Kernel = {
  ...unary('Step', (x) => (x > 0 ? 1 : 0), as('HardSigmoid', { alpha: { float: STEEP }, beta: { float: 0 } })),
  record: (call) => {
    const x = inputOf(call, 'x');
    if (Number(call.attrs['alpha'] ?? 0) !== 0) fail('engine.unsupported', { kernel: 'Step with a slope' });
    return { inputs: [x], attributes: {}, outputs: [x.shape] };
  },
};

interface Slope extends Attributes {
  readonly alpha: number;
}

const leakyRelu = defineKernel<Slope>({
  name: 'LeakyRelu',
  record: (call) => {
    const x = inputOf(call, 'x');
    return { inputs: [x], attributes: { alpha: Number(call.attrs['alpha']) }, outputs: [x.shape] };
  },
  shapes: (inputs) => inputs,
  fold: ({ alpha }, x = NaN) => (x > 0 ? x : alpha * x),
  emit: ({ inputs, attributes }, emission) =>
    inputs.map((x) => as('LeakyRelu', { alpha: { float: attributes.alpha } })(emission.tensor(x), emission)),
});

interface Range extends Attributes {
  readonly min: number;
  readonly max: number;
}

const clip = defineKernel<Range>({
  name: 'ClipByValue',
  record: (call) => {
    const x = inputOf(call, 'x');
    const { clipValueMin, clipValueMax } = call.attrs;
    return {
      inputs: [x],
      attributes: { min: Number(clipValueMin), max: Number(clipValueMax) },
      outputs: [x.shape],
    };
  },
  shapes: (inputs) => inputs,
  fold: ({ min, max }, x = NaN) => Math.min(max, Math.max(min, x)),
  emit: ({ inputs, attributes: { min, max } }, emission) =>
    inputs.map((value) => {
      const x = emission.tensor(value);
      return emission.op('Clip', [x, emission.scalar(min), emission.scalar(max)], x.shape);
    }),
});

const squaredDifference: Kernel = {
  ...binary('SquaredDifference', 'Sub', (a, b) => (a - b) ** 2),
  emit: (node, emission) => {
    const difference = emitElementwise(node, emission, 'Sub');
    return [emission.op('Mul', [difference, difference], difference.shape)];
  },
};

const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export const kernels = [
  unary('Neg', (x) => -x, as('Neg')),
  unary('Abs', Math.abs, as('Abs')),
  unary('Exp', Math.exp, as('Exp')),
  unary('Log', Math.log, as('Log')),
  unary('Sqrt', Math.sqrt, as('Sqrt')),
  unary(
    'Rsqrt',
    (x) => 1 / Math.sqrt(x),
    (x, emission) => {
      return as('Reciprocal')(as('Sqrt')(x, emission), emission);
    },
  ),
  unary(
    'Square',
    (x) => x * x,
    (x, emission) => emission.op('Mul', [x, x], x.shape),
  ),
  unary('Sigmoid', (x) => 1 / (1 + Math.exp(-x)), as('Sigmoid')),
  unary('Tanh', Math.tanh, as('Tanh')),
  unary('Relu', (x) => Math.max(0, x), as('Relu')),
  unary('Softplus', softplus, as('Softplus')),
  step,
  leakyRelu,
  clip,
  binary('Add', 'Add', (a, b) => a + b),
  binary('Sub', 'Sub', (a, b) => a - b),
  binary('Multiply', 'Mul', (a, b) => a * b),
  binary('RealDiv', 'Div', (a, b) => a / b),
  binary('Pow', 'Pow', Math.pow),
  binary('Maximum', 'Max', Math.max),
  binary('Minimum', 'Min', Math.min),
  squaredDifference,
];
