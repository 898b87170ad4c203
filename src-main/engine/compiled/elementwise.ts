import { shapeSize, type Shape } from '#shared/recipe/layerKind';
import { broadcastShape, type Attributes, type Value } from './graph';
import type { Kernel } from './kernel';
import { kernelNamed } from './kernelRegistry';
import type { Rewriter } from './rewriter';

const numberOf = (value: Value): number | undefined =>
  value.origin.kind === 'splat' ? value.origin.number : undefined;

/**
 * An elementwise kernel's result, simplified: constants are folded, neutral operands dropped, and operands that are repeated stay
 * small; the result is then itself repeated lazily.
 */
export function elementwise(
  rewriter: Rewriter,
  kernel: Kernel,
  operands: readonly Value[],
  attributes: Attributes,
  shape: Shape,
): Value {
  const numbers = operands.map(numberOf);
  if (kernel.fold && numbers.every((number) => number !== undefined)) {
    return rewriter.splat(kernel.fold(attributes, ...numbers), shape);
  }
  const [a, b] = operands;
  const shorter = a && b ? binaryShortcut(rewriter, kernel.name, a, b, shape) : undefined;
  if (shorter) return shorter;
  const small = operands.map((operand) => rewriter.unbroadcast(operand));
  const smallShape = broadcastShape(...small.map((operand) => operand.shape)) ?? shape;
  const [result] = rewriter.node(kernel, small, attributes, [smallShape]);
  return rewriter.broadcast(result as Value, shape);
}

/** Algebra on one constant operand; each rule is exact in floating point or changes the last bit at most. */
function binaryShortcut(rewriter: Rewriter, name: string, a: Value, b: Value, shape: Shape): Value | undefined {
  const again = (kernel: string, ...operands: readonly Value[]) =>
    elementwise(rewriter, kernelNamed(kernel), operands, {}, shape);
  const left = numberOf(a);
  const right = numberOf(b);
  switch (name) {
    case 'Add':
      if (right === 0) return rewriter.broadcast(a, shape);
      return left !== undefined ? again('Add', b, a) : undefined;
    case 'Sub':
      if (right === 0) return rewriter.broadcast(a, shape);
      return left === 0 ? again('Neg', rewriter.broadcast(b, shape)) : undefined;
    case 'RealDiv':
      return right !== undefined ? again('Multiply', a, rewriter.splat(1 / right, b.shape)) : undefined;
    case 'SquaredDifference':
      return again('Square', again('Sub', a, b));
    case 'Multiply': {
      if (left !== undefined) return again('Multiply', b, a);
      if (right === undefined) return factorToSmaller(rewriter, a, b, shape) ?? factorToSmaller(rewriter, b, a, shape);
      // A gradient that is zero by construction, such as that of a mask; losing a NaN of the other factor is meant.
      if (right === 0) return rewriter.splat(0, shape);
      if (right === 1) return rewriter.broadcast(a, shape);
      return scaledAgain(rewriter, a, right, shape);
    }
    default:
      return undefined;
  }
}

/** `(x · c₁) · c₂` as `x · (c₁·c₂)`. */
function scaledAgain(rewriter: Rewriter, scaled: Value, factor: number, shape: Shape): Value | undefined {
  const product = scaledBy(rewriter, scaled);
  if (!product) return undefined;
  const factors = rewriter.splat(product.factor * factor, []);
  return elementwise(rewriter, kernelNamed('Multiply'), [product.x, factors], {}, shape);
}

/** `(x · c) · v` as `x · (v · c)` where v is smaller: the gradient of a square leaves a pass over a whole feature map so. */
function factorToSmaller(rewriter: Rewriter, scaled: Value, other: Value, shape: Shape): Value | undefined {
  const product = scaledBy(rewriter, scaled);
  const small = rewriter.unbroadcast(other);
  if (!product || shapeSize(small.shape) >= shapeSize(product.x.shape)) return undefined;
  const multiply = kernelNamed('Multiply');
  const factor = elementwise(rewriter, multiply, [small, rewriter.splat(product.factor, [])], {}, small.shape);
  return elementwise(rewriter, multiply, [product.x, factor], {}, shape);
}

/** What a value is a multiple of, and by what number; undefined for values that are no such product. */
function scaledBy(rewriter: Rewriter, value: Value): { readonly x: Value; readonly factor: number } | undefined {
  const producer = rewriter.producer(rewriter.unbroadcast(value));
  if (producer?.kernel.name !== 'Multiply') return undefined;
  const [x, by] = producer.inputs;
  const factor = by && numberOf(by);
  return x && factor !== undefined ? { x, factor } : undefined;
}
