import { shapeSize, type Shape } from '#shared/recipe/layerKind';
import { sameShape } from '../graph';
import type { OnnxBranch, OnnxNode } from '../onnx';
import type { Allocation, Arena } from './arena';

/** Operators whose result is their first input's memory, seen otherwise. */
const VIEWS = new Set(['Reshape', 'Identity']);
/** Operators that ONNX Runtime lets write over an input that nobody reads any more. */
const IN_PLACE = new Set(
  'Add Sub Mul Div Neg Sqrt Reciprocal Exp Log Abs Clip Relu LeakyRelu Tanh Sigmoid HardSigmoid Softplus Elu Erf Softmax'.split(
    ' ',
  ),
);

const FLOAT_BYTES = 4;

type Shapes = ReadonlyMap<string, Shape>;
type Turn = 'then_branch' | 'else_branch';

/** What a node makes ONNX Runtime do with memory. A buffer is called by the first tensor that it holds. */
interface PlannedNode {
  readonly node: OnnxNode;
  readonly allocate: readonly string[];
  readonly release: readonly string[];
}

/** The steps of a graph or subgraph in the order in which they run, with what each allocates and what is released behind it. */
export type Plan = readonly PlannedNode[];

/**
 * Which buffers a graph's run needs and when, as ONNX Runtime plans it (onnxruntime/core/framework/allocation_planner.cc): views share their input's
 * memory, elementwise operators write over an input at its last use, and a result takes up a buffer of its shape that has become free.
 * Inputs, constants and `outputs` lie elsewhere.
 */
export function planOf(nodes: readonly OnnxNode[], outputs: ReadonlySet<string>, shapes: Shapes): Plan {
  const ordered = inRunningOrder(nodes);
  const uses = new Map<string, number>();
  for (const node of ordered) for (const input of tensorsRead(node)) uses.set(input, (uses.get(input) ?? 0) + 1);
  const buffers = new Map<string, string>();
  const allocatedAt = new Map<string, number>();
  const lastUse = new Map<string, number>();
  let free: string[] = [];
  const shapeOf = (tensor: string): Shape => shapes.get(tensor) ?? [];
  const share = (buffer: string, tensor: string) => {
    buffers.set(tensor, buffer);
    uses.set(buffer, (uses.get(buffer) ?? 0) + (uses.get(tensor) ?? 0));
  };
  const overwritten = (node: OnnxNode, output: string): string | undefined => {
    const at = VIEWS.has(node.type) ? node.inputs.slice(0, 1) : IN_PLACE.has(node.type) ? node.inputs : [];
    const input = at.find((tensor) => {
      const buffer = buffers.get(tensor);
      if (buffer === undefined) return false;
      return VIEWS.has(node.type) || (uses.get(buffer) === 1 && sameShape(shapeOf(tensor), shapeOf(output)));
    });
    return input === undefined ? undefined : buffers.get(input);
  };
  ordered.forEach((node, step) => {
    for (const output of node.outputs) {
      if (outputs.has(output)) continue;
      // A view of what lies elsewhere lies there too.
      if (VIEWS.has(node.type) && !buffers.has(node.inputs[0] ?? '')) continue;
      const buffer = overwritten(node, output) ?? free.find((one) => sameShape(shapeOf(one), shapeOf(output)));
      if (buffer !== undefined) {
        free = free.filter((one) => one !== buffer);
        share(buffer, output);
      } else {
        buffers.set(output, output);
        allocatedAt.set(output, step);
      }
      lastUse.set(buffers.get(output) ?? output, step);
    }
    for (const input of tensorsRead(node)) {
      const buffer = buffers.get(input);
      if (buffer === undefined) continue;
      const left = (uses.get(buffer) ?? 0) - 1;
      uses.set(buffer, left);
      lastUse.set(buffer, step);
      if (left === 0) free.unshift(buffer);
    }
  });
  const steps = ordered.map((node) => ({ node, allocate: [] as string[], release: [] as string[] }));
  for (const [buffer, step] of allocatedAt) {
    steps[step]?.allocate.push(buffer);
    steps[lastUse.get(buffer) ?? step]?.release.push(buffer);
  }
  return steps;
}

/** Runs a plan on an arena; `turn` says which branch of each If is taken. */
export function runPlan(plan: Plan, shapes: Shapes, arena: Arena, turn: Turn): void {
  const held = new Map<string, Allocation>();
  for (const { node, allocate, release } of plan) {
    for (const buffer of allocate) held.set(buffer, arena.allocate(FLOAT_BYTES * shapeSize(shapes.get(buffer) ?? [])));
    const branch = branchOf(node, turn);
    if (branch) runPlan(planOf(branch.nodes, new Set([branch.output]), shapes), shapes, arena, turn);
    for (const buffer of release) {
      const allocation = held.get(buffer);
      if (allocation) arena.free(allocation);
    }
  }
}

function branchOf({ attributes }: OnnxNode, turn: Turn): OnnxBranch | undefined {
  const attribute = attributes[turn];
  return typeof attribute === 'object' && 'graph' in attribute ? attribute.graph : undefined;
}

/** A node's inputs, and what its branches read from outside. */
function tensorsRead(node: OnnxNode): string[] {
  const branches = (['then_branch', 'else_branch'] as const).flatMap((turn) => branchOf(node, turn) ?? []);
  if (branches.length === 0) return [...node.inputs];
  const inside = branches.flatMap((branch) => branch.nodes);
  const made = new Set(inside.flatMap(({ outputs }) => outputs));
  return [...new Set([...node.inputs, ...inside.flatMap(tensorsRead)])].filter((tensor) => !made.has(tensor));
}

/** ONNX Runtime's order: from the last result backwards, of a node's inputs the last one written first (GraphViewer, ReverseDFSFrom). */
function inRunningOrder(nodes: readonly OnnxNode[]): OnnxNode[] {
  const maker = new Map<string, number>();
  nodes.forEach((node, index) => node.outputs.forEach((output) => maker.set(output, index)));
  const sources = nodes.map((node) =>
    [...new Set(tensorsRead(node).flatMap((input) => maker.get(input) ?? []))].sort((a, b) => a - b),
  );
  const read = new Set(sources.flat());
  const stack = nodes.flatMap((_, index) => (read.has(index) ? [] : [{ index, leave: false }]));
  const seen = new Set<number>();
  const ordered: OnnxNode[] = [];
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { index, leave } = entry;
    if (leave) ordered.push(nodes[index] as OnnxNode);
    else if (!seen.has(index)) {
      seen.add(index);
      stack.push({ index, leave: true });
      for (const source of sources[index] ?? []) if (!seen.has(source)) stack.push({ index: source, leave: false });
    }
  }
  return ordered;
}
