import { shapeSize, type Shape } from '#shared/recipe/layerKind';
import { broadcastShape, sameShape, type Node, type Value } from './graph';
import type { Emission } from './emission';
import type { OnnxTensor } from './onnxTensor';

/**
 * Rows of a feature map `[N, H, W, C]` as `[N·H, W·C]`: elementwise operators with a vector of C numbers repeat it along a long row, which is
 * far faster than along the short `[N·H·W, C]`. Other shapes stay.
 */
function workingShape(shape: Shape): Shape {
  const [n = 1, h = 1, w = 1, c = 1] = shape;
  return shape.length === 4 ? [n * h, w * c] : shape;
}

/** A feature map as one row a pixel, `[N·H·W, C]`: the matrix that a convolution multiplies. */
export function pixelRows(shape: Shape): Shape {
  const channels = shape.at(-1) ?? 1;
  return [shapeSize(shape) / channels, channels];
}

/** Emits an elementwise operator on operands that NumPy's rules broadcast. */
export function emitElementwise({ inputs, outputs }: Node, emission: Emission, type: string): OnnxTensor {
  const shape = (outputs[0] as Value).shape;
  const first = inputs.find((operand) => isFull(operand, shape));
  // Without a vector to repeat, the shape in which the operand lies is as good as any.
  const asItLies = first && inputs.every((operand) => isFull(operand, shape) || isNumber(operand));
  const common = asItLies ? emission.tensor(first).shape : workingShape(shape);
  const operands = inputs.map((operand) => {
    if (isNumber(operand) && !isFull(operand, shape)) return scalarOf(operand, emission);
    return isFull(operand, shape) ? emission.view(operand, common) : repeatable(operand, shape, emission);
  });
  if (first && operands.every((operand) => operand !== undefined)) return emission.op(type, operands, common);
  // Two operands that repeat each other, or a shape that is no vector: let ONNX broadcast the plain shapes.
  const plain = inputs.map((operand) =>
    operand.origin.kind === 'splat' ? scalarOf(operand, emission) : emission.view(operand, operand.shape),
  );
  const plainShape = broadcastShape(...plain.map((operand) => operand.shape)) ?? shape;
  return emission.op(type, plain, plainShape);
}

const isFull = (operand: Value, shape: Shape): boolean =>
  operand.origin.kind !== 'splat' && shapeSize(operand.shape) === shapeSize(shape);

const isNumber = (operand: Value): boolean => operand.origin.kind === 'splat' || shapeSize(operand.shape) === 1;

const scalarOf = (operand: Value, emission: Emission): OnnxTensor =>
  operand.origin.kind === 'splat' ? emission.tensor(operand) : emission.view(operand, []);

/** A vector of channels in a form that repeats along {@link workingShape}'s rows, or undefined when the operand is none. */
function repeatable(operand: Value, shape: Shape, emission: Emission): OnnxTensor | undefined {
  const channels = shape.at(-1) ?? 1;
  const vector = operand.shape.slice(0, -1).every((side) => side === 1) && operand.shape.at(-1) === channels;
  if (!vector) return undefined;
  const tensor = emission.view(operand, [channels]);
  const width = shape.length === 4 ? (shape[2] ?? 1) : 1;
  if (sameShape(workingShape(shape), shape) || width === 1) return tensor;
  return emission.op('Tile', [tensor, emission.integers([width])], [width * channels]);
}
