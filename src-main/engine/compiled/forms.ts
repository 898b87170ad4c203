import type { ProviderId } from '#shared/contract/types';
import type { Graph, Node, Value } from './graph';

/** The form that a node is written in, where it is not the usual one of its kernel. Nodes are told apart by identity, whatever their attributes. */
export type FormChoice = ReadonlyMap<object, string>;

/** Forms by problem, as they were found fastest on a machine and provider: what is remembered. */
export type KnownForms = ReadonlyMap<string, string>;

/**
 * Nodes whose forms are chosen together, because they share work: a convolution and its filter gradient use one column matrix. Problems of the same
 * key are the same work wherever they occur.
 */
export interface Problem {
  readonly key: string;
  /** One node of each kernel in the problem. */
  readonly examples: readonly Node[];
  /** All nodes of the graph that it stands for. */
  readonly nodes: readonly Node[];
  /** A form for each of the examples; the plainest ones first. */
  readonly candidates: readonly (readonly string[])[];
}

/** What of a graph can be written in more than one way. */
export function problemsOf(graph: Graph): Problem[] {
  const problems = new Map<string, { readonly examples: readonly Node[]; readonly nodes: Node[] }>();
  for (const nodes of sharedWork(graph)) {
    const examples = [...new Map(nodes.map((node) => [node.kernel.name, node])).values()];
    examples.sort((a, b) => (a.kernel.name < b.kernel.name ? -1 : 1));
    const key = keyOf(examples);
    const known = problems.get(key);
    if (known) known.nodes.push(...nodes);
    else problems.set(key, { examples, nodes: [...nodes] });
  }
  return [...problems].map(([key, { examples, nodes }]) => ({
    key,
    examples,
    nodes,
    candidates: candidatesOf(examples),
  }));
}

/** The nodes that have forms, those together that read the same value in the same geometry. */
function sharedWork({ nodes }: Graph): Iterable<readonly Node[]> {
  const groups = new Map<string, Node[]>();
  for (const node of nodes) {
    const [source] = node.inputs;
    if (!source || (node.kernel.forms?.(node.attributes).length ?? 0) < 2) continue;
    // Only column matrices are shared; an input gradient reads the output's side.
    const family = node.kernel.name === 'Conv2DBackpropInput' ? 'input' : 'columns';
    const key = `${family} ${source.id} ${JSON.stringify(node.attributes)}`;
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  return groups.values();
}

/** With the forms' names: where a later version has others, the choice is made again. */
function keyOf(examples: readonly Node[]): string {
  const forms = ({ kernel, attributes }: Node) => kernel.forms?.(attributes).join('|') ?? '';
  const kernels = examples.map((node) => `${node.kernel.name}(${forms(node)})`).join(' + ');
  return `${kernels} ${Object.values(examples[0]?.attributes ?? {}).join(' ')}`;
}

/** Forms that read an input from matrices of their own: in two of them at once it would be laid out twice, which is never the fastest. */
const LAYOUTS = ['columns', 'winograd'];

/** Every combination of the examples' forms, but for those that share no work. */
function candidatesOf(examples: readonly Node[]): string[][] {
  const combinations = examples.reduce<string[][]>(
    (before, { kernel, attributes }) =>
      before.flatMap((chosen) => (kernel.forms?.(attributes) ?? []).map((form) => [...chosen, form])),
    [[]],
  );
  return combinations.filter((forms) => !LAYOUTS.every((layout) => forms.includes(layout)));
}

/** A candidate as it is remembered. */
export const formsKey = (forms: readonly string[]): string => forms.join(' + ');

/** What a problem is written in where nothing is known. */
export function usualForms({ examples, candidates }: Problem, provider: ProviderId): readonly string[] {
  const [plain = []] = candidates;
  if (provider !== 'cpu') return plain;
  const wanted = examples.map(({ kernel, attributes }, at) => kernel.usualOnCpu?.(attributes) ?? plain[at]);
  return candidates.find((forms) => forms.every((form, at) => form === wanted[at])) ?? plain;
}

/** How a graph's nodes are written by what is known; a problem that is not known, or whose remembered form is gone, is written as usual. */
export function chooseForms(graph: Graph, known: KnownForms, provider: ProviderId): FormChoice {
  const choice = new Map<Node, string>();
  for (const problem of problemsOf(graph)) {
    const { key, examples, nodes, candidates } = problem;
    const wanted = known.get(key);
    const forms = candidates.find((candidate) => formsKey(candidate) === wanted) ?? usualForms(problem, provider);
    for (const node of nodes) {
      const form = forms[examples.findIndex(({ kernel }) => kernel === node.kernel)];
      if (form !== undefined) choice.set(node, form);
    }
  }
  return choice;
}

/** What is known of a graph's own problems. */
export const formsFor = (graph: Graph, known: KnownForms): KnownForms =>
  new Map(
    problemsOf(graph).flatMap(({ key }) => {
      const forms = known.get(key);
      return forms === undefined ? [] : [[key, forms] as const];
    }),
  );

/** A problem as a graph by itself, its operands as inputs: what a candidate is timed with. */
export function graphOf({ examples }: Problem): { readonly graph: Graph; readonly nodes: readonly Node[] } {
  const inputs = new Map<Value, Value>();
  let id = 0;
  const inputFor = (value: Value): Value => {
    let input = inputs.get(value);
    if (!input) {
      input = { id, shape: value.shape, origin: { kind: 'input', name: `x${id}` } };
      inputs.set(value, input);
      id += 1;
    }
    return input;
  };
  const nodes = examples.map((node) => ({ ...node, inputs: node.inputs.map(inputFor) }));
  const outputs = nodes.flatMap(({ outputs }) => outputs).map((value, index) => ({ name: `y${index}`, value }));
  return { graph: { inputs: [...inputs.values()], nodes, outputs }, nodes };
}
