import type { Shape } from '#shared/recipe/layerKind';
import type { Kernel } from './kernel';

/** Where a value comes from. All values are float32. */
export type Origin =
  | { readonly kind: 'input'; readonly name: string }
  | { readonly kind: 'constant'; readonly data: Float32Array }
  /** One number in every place. */
  | { readonly kind: 'splat'; readonly number: number }
  /** A smaller value repeated to this shape; never computed unless a kernel cannot do without. */
  | { readonly kind: 'broadcast'; readonly of: Value }
  | { readonly kind: 'result' };

/** One tensor of the graph, row-major. */
export interface Value {
  readonly id: number;
  readonly shape: Shape;
  readonly origin: Origin;
}

type AttributeValue = number | boolean | readonly number[];
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** One kernel call. */
export interface Node<A extends Attributes = Attributes> {
  readonly kernel: Kernel<A>;
  readonly attributes: A;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** A traced computation: nodes in an order in which they can run. */
export interface Graph {
  readonly inputs: readonly Value[];
  readonly nodes: readonly Node[];
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
}

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((side, axis) => side === b[axis]);

/** The shape of an elementwise result (NumPy's rules), or undefined where the operands do not fit. */
export function broadcastShape(...shapes: readonly Shape[]): Shape | undefined {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const result: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const sides = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1).filter((side) => side !== 1);
    const side = sides[0] ?? 1;
    if (sides.some((other) => other !== side)) return undefined;
    result.push(side);
  }
  return result;
}

/** The nodes that some values need, in the same order: of either graph, the traced one or ONNX's. */
export function neededNodes<Name, N extends { readonly inputs: readonly Name[]; readonly outputs: readonly Name[] }>(
  nodes: readonly N[],
  values: readonly Name[],
): N[] {
  const needed = new Set(values);
  const found = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => needed.has(output))) return false;
    for (const input of node.inputs) needed.add(input);
    return true;
  });
  return found.reverse();
}
