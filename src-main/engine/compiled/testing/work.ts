import { shapeSize, type Shape } from '#shared/recipe/layerKind';
import { filterShape, outputShape, type Convolution } from '../convolution';
import type { Graph, Node } from '../graph';
import type { EmittedModel } from '../model';
import type { OnnxNode } from '../onnx';

/** Multiply-adds of a graph's convolutions, their gradients and its matrix products: what a step's time goes into, told by shapes alone. */
export const workOf = ({ nodes }: Graph): number => sum(nodes.map(workOfNode));

function workOfNode({ kernel, attributes, inputs, outputs }: Node): number {
  if (kernel.name.startsWith('Conv2D')) {
    const c = attributes as Convolution;
    return (shapeSize(outputShape(c)) * shapeSize(filterShape(c))) / c.filters;
  }
  const { transposeA } = attributes;
  return kernel.name === 'BatchMatMul' ? product(inputs[0]?.shape, outputs[0]?.shape, transposeA === true) : 0;
}

/** The same of a model's matrix products as they are written, in usual forms, where each `If` takes the branch of this side. */
export function workOfModel({ model, shapes }: EmittedModel, side: 'then_branch' | 'else_branch'): number {
  const known = new Map<string, Shape>(shapes);
  for (const { name, shape } of [...model.inputs, ...model.outputs]) known.set(name, shape.map(Number));
  for (const { name, shape } of model.initializers) known.set(name, shape);
  const workIn = (nodes: readonly OnnxNode[]): number =>
    sum(
      nodes.map(({ type, inputs: [first = ''], outputs: [output = ''], attributes }) => {
        const branch = attributes[side];
        if (typeof branch === 'object' && 'graph' in branch) return workIn(branch.graph.nodes);
        if (type !== 'MatMul' && type !== 'Gemm') return 0;
        return product(known.get(first), known.get(output), attributes['transA'] === 1);
      }),
    );
  return workIn(model.nodes);
}

/** Every number of a product is a sum of as many as its first factor's rows are long. */
function product(first: Shape | undefined, output: Shape | undefined, turned: boolean): number {
  if (!first || !output) throw new Error('a product’s shapes are not known');
  return shapeSize(output) * (first.at(turned ? -2 : -1) ?? 1);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
