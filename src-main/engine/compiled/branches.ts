import type { OnnxNode } from './onnx';

/** Where a node is computed: outside of all branches, or in the branch of an If, which may lie in another's. Outermost first. */
type Place = readonly string[];

const branchOf = (choice: OnnxNode, side: 'when' | 'whenNot'): string => `${choice.outputs[0]} ${side}`;

/**
 * Turns each `If(flag, when, whenNot)` into ONNX's If with two subgraphs, and moves into each what nothing else needs: only the branch that is taken
 * costs time. `nodes` are in an order in which they can run, and stay so.
 */
export function fillBranches(nodes: readonly OnnxNode[], outputs: ReadonlySet<string>): OnnxNode[] {
  const choices = nodes.filter(({ type }) => type === 'If');
  if (choices.length === 0) return [...nodes];
  const places = placesOf(nodes, outputs);
  const nodesIn = new Map<string, OnnxNode[]>();
  for (const node of nodes) {
    const key = (places.get(node) ?? []).join('\n');
    nodesIn.set(key, [...(nodesIn.get(key) ?? []), node]);
  }
  const filled = (place: Place): OnnxNode[] =>
    (nodesIn.get(place.join('\n')) ?? []).map((node) => (node.type === 'If' ? choice(node, place) : node));
  const choice = (node: OnnxNode, place: Place): OnnxNode => {
    const [flag = '', when = '', whenNot = ''] = node.inputs;
    const branch = (side: 'when' | 'whenNot', result: string) => {
      const name = branchOf(node, side);
      // A subgraph's result must be computed in it, so what comes from outside is copied.
      const copy: OnnxNode = { type: 'Identity', inputs: [result], outputs: [name], attributes: {} };
      return { graph: { name, nodes: [...filled([...place, name]), copy], output: name } };
    };
    return {
      type: 'If',
      inputs: [flag],
      outputs: node.outputs,
      attributes: { then_branch: branch('when', when), else_branch: branch('whenNot', whenNot) },
    };
  };
  return filled([]);
}

/** The innermost place from which all uses of a node's outputs can see it. */
function placesOf(nodes: readonly OnnxNode[], outputs: ReadonlySet<string>): Map<OnnxNode, Place> {
  const uses = new Map<string, Place>([...outputs].map((name) => [name, []]));
  const use = (tensor: string, place: Place) => {
    const before = uses.get(tensor);
    uses.set(tensor, before ? commonStart(before, place) : place);
  };
  const places = new Map<OnnxNode, Place>();
  for (const node of nodes.toReversed()) {
    const place = node.outputs
      .flatMap((output) => (uses.has(output) ? [uses.get(output) as Place] : []))
      .reduce(commonStart);
    places.set(node, place);
    if (node.type === 'If') {
      const [flag = '', when = '', whenNot = ''] = node.inputs;
      use(flag, place);
      use(when, [...place, branchOf(node, 'when')]);
      use(whenNot, [...place, branchOf(node, 'whenNot')]);
    } else {
      for (const input of node.inputs) use(input, place);
    }
  }
  return places;
}

function commonStart(a: Place, b: Place): Place {
  const end = a.findIndex((step, index) => step !== b[index]);
  return end < 0 ? a : a.slice(0, end);
}
