import type { Shape } from '#shared/recipe/layerKind';
import { fillBranches } from './branches';
import { Emission } from './emission';
import type { FormChoice } from './forms';
import { neededNodes, type Graph } from './graph';
import { encodeOnnx, type OnnxModel, type OnnxNode, type OnnxPort } from './onnx';

export interface ModelOptions {
  readonly name: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Inputs by name that become constants of the model. */
  readonly baked?: ReadonlyMap<string, Float32Array>;
  /** Inputs and outputs by name whose first side is the batch and left free, as `N`. */
  readonly free?: ReadonlySet<string>;
  /** How nodes are written that can be written in several ways. */
  readonly forms?: FormChoice;
  /** Parts that one Split may have: a provider's shaders write so many. */
  readonly partsAtMost?: number;
  /**
   * The output that everything is computed for: ONNX Runtime walks from the last node up and runs, depth first, what it needs before anything else. What
   * other outputs need of that is then there, and nothing large was held for them.
   */
  readonly foremost?: string;
}

/** A model before it is written, and the shapes of the tensors that its nodes make. */
export interface EmittedModel {
  readonly model: OnnxModel;
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** A simplified graph as an ONNX model. Its inputs and outputs have the graph's names and shapes. */
export function emitModel(graph: Graph, options: ModelOptions): Uint8Array {
  return encodeOnnx(emitted(graph, options).model);
}

/** The same, not yet written to bytes. */
export function emitted(
  graph: Graph,
  { name, metadata = {}, baked, free, forms, partsAtMost, foremost }: ModelOptions,
): EmittedModel {
  const emission = new Emission(forms, partsAtMost);
  const inputs: OnnxPort[] = [];
  const port = (portName: string, shape: readonly number[]): OnnxPort => ({
    name: portName,
    shape: free?.has(portName) ? ['N', ...shape.slice(1)] : shape,
  });
  for (const value of graph.inputs) {
    if (value.origin.kind !== 'input') throw new Error(`graph input ${value.id} is a ${value.origin.kind}`);
    const tensor = { name: value.origin.name, shape: value.shape };
    emission.hold(value, tensor);
    const data = baked?.get(tensor.name);
    if (data) emission.initializers.push({ ...tensor, data });
    else inputs.push(port(tensor.name, tensor.shape));
  }
  for (const node of graph.nodes) {
    const tensors = node.kernel.emit(node, emission);
    node.outputs.forEach((output, position) => {
      const tensor = tensors[position];
      if (!tensor) throw new Error(`${node.kernel.name} emitted ${tensors.length} of ${node.outputs.length} outputs`);
      emission.hold(output, tensor);
    });
  }
  const nodes = neededNodes(
    nameOutputs(graph, emission),
    graph.outputs.map((output) => output.name),
  );
  const used = new Set(nodes.flatMap((node) => node.inputs));
  const model: OnnxModel = {
    name,
    producer: 'Ganvas',
    metadata,
    inputs,
    outputs: graph.outputs.map((output) => port(output.name, output.value.shape)),
    // What the dropped nodes alone used would make every reader of an exported model print a warning.
    initializers: emission.initializers.filter((initializer) => used.has(initializer.name)),
    nodes: fillBranches(withLast(nodes, foremost), new Set(graph.outputs.map((output) => output.name))),
  };
  return { model, shapes: emission.shapes };
}

/** The nodes with the one that makes `output`, which no other needs, behind all others. */
function withLast(nodes: readonly OnnxNode[], output: string | undefined): readonly OnnxNode[] {
  const last = nodes.find(({ outputs }) => outputs.some((name) => name === output));
  return last ? [...nodes.filter((node) => node !== last), last] : nodes;
}

/** Gives the tensors that are outputs their names; one that is an input too, or an output twice, is copied. */
function nameOutputs(graph: Graph, emission: Emission): OnnxNode[] {
  const names = new Map<string, string>();
  const copies: OnnxNode[] = [];
  const tensors = graph.outputs.map(({ name, value }) => ({ name, tensor: emission.view(value, value.shape) }));
  const made = new Set(emission.nodes.flatMap(({ outputs }) => outputs));
  for (const { name, tensor } of tensors) {
    if (made.has(tensor.name) && !names.has(tensor.name)) names.set(tensor.name, name);
    else copies.push({ type: 'Identity', inputs: [tensor.name], outputs: [name], attributes: {} });
  }
  const rename = (tensor: string) => names.get(tensor) ?? tensor;
  return [...emission.nodes, ...copies].map((node) => ({
    ...node,
    inputs: node.inputs.map(rename),
    outputs: node.outputs.map(rename),
  }));
}
