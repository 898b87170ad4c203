import { shapeSize } from '#shared/recipe/layerKind';
import { sameShape, type Graph, type Node, type Value } from './graph';

/**
 * The graph's executable specification, run after each stage of the compiler: every input exists before it is used, every value is made once, and
 * every output has the shape that the kernel's own rule demands. A violation is a defect of the compiler and names the node.
 */
export function checkGraph(graph: Graph, stage: string): void {
  const known = new Set<Value>(graph.inputs);
  graph.nodes.forEach((node, index) => {
    const report = (problem: string): never => {
      throw new Error(`graph after ${stage}, node ${index}, ${describe(node)}: ${problem}`);
    };
    for (const input of node.inputs) {
      const problem = problemOf(input, known);
      if (problem) report(problem);
    }
    const expected = node.kernel.shapes(
      node.inputs.map(({ shape }) => shape),
      node.attributes,
      node.outputs.map(({ shape }) => shape),
    );
    if (typeof expected === 'string') return report(expected);
    if (expected.length !== node.outputs.length) report(`it has ${expected.length} outputs`);
    node.outputs.forEach((output, position) => {
      const shape = expected[position] ?? [];
      if (!sameShape(output.shape, shape)) report(`output ${position} must be [${shape}]`);
      if (output.origin.kind !== 'result') report(`output ${position} is a ${output.origin.kind}`);
      if (known.has(output)) report(`output ${position} was computed before`);
      known.add(output);
    });
  });
  for (const { name, value } of graph.outputs) {
    const problem = problemOf(value, known);
    if (problem) throw new Error(`graph after ${stage}, output ${name}: ${problem}`);
  }
}

function problemOf(value: Value, known: ReadonlySet<Value>): string | undefined {
  const { origin, shape } = value;
  switch (origin.kind) {
    case 'input':
    case 'result':
      return known.has(value) ? undefined : `value ${value.id} [${shape}] is used before it is computed`;
    case 'constant':
      return origin.data.length === shapeSize(shape)
        ? undefined
        : `constant ${value.id} [${shape}] holds ${origin.data.length} numbers`;
    case 'splat':
      return undefined;
    case 'broadcast':
      return problemOf(origin.of, known);
  }
}

const describe = ({ kernel, inputs, outputs, attributes }: Node): string => {
  const shapes = (values: readonly Value[]) => values.map(({ shape }) => `[${shape}]`).join(' ');
  return `${kernel.name} ${JSON.stringify(attributes)} ${shapes(inputs)} → ${shapes(outputs)}`;
};
