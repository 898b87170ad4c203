import { shapeSize } from '#shared/recipe/layerKind';
import { elementwise } from './elementwise';
import { neededNodes, type Graph, type Node, type Value } from './graph';
import { Rewriter } from './rewriter';

/**
 * The same computation with less work: common subexpressions merged, constants folded, repeated operands kept small, dead nodes dropped
 * (such as D's weight gradients in the G update, which the tape computes and nobody uses).
 */
export function simplify(graph: Graph): Graph {
  const rewriter = new Rewriter();
  const rewritten = new Map<Value, Value>();
  const inputs = graph.inputs.map((input) => {
    const copy = rewriter.newValue(input.shape, input.origin);
    rewritten.set(input, copy);
    return copy;
  });
  const simplified = (value: Value): Value => {
    let result = rewritten.get(value);
    if (!result) rewritten.set(value, (result = leaf(rewriter, value)));
    return result;
  };
  for (const node of graph.nodes) {
    const results = rewriteNode(rewriter, node, node.inputs.map(simplified));
    node.outputs.forEach((output, position) => rewritten.set(output, results[position] as Value));
  }
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: rewriter.materialise(simplified(value)) }));
  const live = neededNodes(
    rewriter.nodes,
    outputs.map(({ value }) => value),
  );
  return { inputs, nodes: live, outputs };
}

function leaf(rewriter: Rewriter, { origin, shape, id }: Value): Value {
  switch (origin.kind) {
    case 'constant':
      return rewriter.constant(origin.data, shape);
    case 'splat':
      return rewriter.splat(origin.number, shape);
    default:
      throw new Error(`value ${id} (${origin.kind}) is used before it is computed`);
  }
}

function rewriteNode(rewriter: Rewriter, node: Node, inputs: readonly Value[]): readonly Value[] {
  const { kernel, attributes, outputs } = node;
  const [output] = outputs;
  const [x] = inputs;
  if (!output || !x) throw new Error(`${kernel.name} has no input or no output`);
  if (kernel.fold) return [elementwise(rewriter, kernel, inputs, attributes, output.shape)];
  if (kernel.name === 'Reshape') return [rewriter.reshape(x, output.shape)];
  if (kernel.name === 'Choose' && inputs[1] === inputs[2]) return inputs.slice(1, 2);
  if (x.origin.kind === 'splat') {
    const { number } = x.origin;
    if (kernel.name === 'Mean') return [rewriter.splat(number, output.shape)];
    if (kernel.name === 'Sum') {
      return [rewriter.splat((number * shapeSize(x.shape)) / shapeSize(output.shape), output.shape)];
    }
  }
  const bilinear = kernel.name.startsWith('Conv2D') || kernel.name === 'BatchMatMul';
  if (bilinear && inputs.some(({ origin }) => origin.kind === 'splat' && origin.number === 0)) {
    return [rewriter.splat(0, output.shape)];
  }
  return rewriter.node(
    kernel,
    inputs.map((input, position) => (position === kernel.constantInput ? input : rewriter.materialise(input))),
    attributes,
    outputs.map(({ shape }) => shape),
  );
}
