import { shapeSize, type Shape } from '#shared/recipe/layerKind';
import type { Emission } from '../emission';
import { type Attributes, type Node, type Value } from '../graph';
import { inputOf, type Kernel } from '../kernel';
import type { OnnxTensor } from '../onnxTensor';
import { pixelRows } from '../shapes';

interface Reduction extends Attributes {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** Below this many numbers a plain reduction is as fast as a product with a row of ones. */
const WORTH_A_PRODUCT = 4096;

function reduction(name: 'Sum' | 'Mean'): Kernel<Reduction> {
  return {
    name,
    record: (call) => {
      const x = inputOf(call, 'x');
      const axes = allAxes(call.attrs['axis'] as number | number[] | undefined, x.shape.length);
      const keepDims = call.attrs['keepDims'] === true;
      return { inputs: [x], attributes: { axes, keepDims }, outputs: [reducedShape(x.shape, axes, keepDims)] };
    },
    shapes: ([x], { axes, keepDims }) =>
      x && axes.every((axis) => axis < x.length)
        ? [reducedShape(x, axes, keepDims)]
        : 'it reduces an axis there is not',
    emit: (node, emission) => [emitReduction(node, emission, name)],
  };
}

function allAxes(axis: number | number[] | undefined | null, rank: number): number[] {
  const list = axis === undefined || axis === null ? [] : typeof axis === 'number' ? [axis] : axis;
  const axes = list.map((one) => (one < 0 ? one + rank : one)).sort((a, b) => a - b);
  return axes.length === 0 ? Array.from({ length: rank }, (_, one) => one) : axes;
}

function reducedShape(shape: Shape, axes: readonly number[], keepDims: boolean): Shape {
  return shape.flatMap((side, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [side]));
}

function emitReduction({ inputs, outputs, attributes }: Node<Reduction>, emission: Emission, name: string): OnnxTensor {
  const [x] = inputs as [Value];
  const { axes } = attributes;
  const shape = (outputs[0] as Value).shape;
  if (x.shape.length === 0) return emission.tensor(x);
  const keepsOnlyLast = axes.length === x.shape.length - 1 && !axes.includes(x.shape.length - 1);
  if (keepsOnlyLast && axes.length > 0 && shapeSize(x.shape) > WORTH_A_PRODUCT) {
    const [rows = 1, channels = 1] = pixelRows(x.shape);
    const weight = name === 'Mean' ? 1 / rows : 1;
    const row = emission.floats(`row of ${weight}`, [1, rows], () => new Float32Array(rows).fill(weight));
    return emission.view(emission.op('MatMul', [row, emission.view(x, [rows, channels])], [1, channels]), shape);
  }
  const full = emission.view(x, x.shape);
  const keepdims = attributes.keepDims ? 1 : 0;
  // Opset 17: ReduceSum takes its axes as an input, ReduceMean as an attribute.
  return name === 'Sum'
    ? emission.op('ReduceSum', [full, emission.integers(axes)], shape, { keepdims })
    : emission.op('ReduceMean', [full], shape, { axes, keepdims });
}

export const kernels = [reduction('Sum'), reduction('Mean')];
