import { expect, it } from 'vitest';
import type { OnnxNode } from '../onnx';
import { Arena } from './arena';
import { planOf, runPlan } from './plan';

const KB = 1024;
/** 64 KB, so that rounding to 256 bytes does not count. */
const SHAPE = [128, 128];
const BYTES = 64 * KB;

const node = (type: string, inputs: string[], output: string, attributes: OnnxNode['attributes'] = {}): OnnxNode => ({
  type,
  inputs,
  outputs: [output],
  attributes,
});

function touchedBy(nodes: OnnxNode[], output: string, turn: 'then_branch' | 'else_branch' = 'else_branch'): number {
  const names = [...nodes, ...nodes.flatMap(branchNodes)].flatMap(({ outputs }) => outputs);
  const shapes = new Map(names.map((name) => [name, SHAPE]));
  const arena = new Arena();
  runPlan(planOf(nodes, new Set([output]), shapes), shapes, arena, turn);
  return arena.touched;
}

const branchNodes = ({ attributes }: OnnxNode): readonly OnnxNode[] =>
  Object.values(attributes).flatMap((value) =>
    typeof value === 'object' && 'graph' in value ? value.graph.nodes : [],
  );

it('gives a chain of products two buffers, by turns', () => {
  const chain = ['a', 'b', 'c', 'd', 'e'];
  const nodes = chain.map((name, index) => node('MatMul', [chain[index - 1] ?? 'input', 'weight'], name));
  expect(touchedBy([...nodes, node('MatMul', ['e', 'weight'], 'out')], 'out')).toBe(2 * BYTES);
});

it('computes elementwise in place, and views take nothing', () => {
  const nodes = [
    node('MatMul', ['input', 'weight'], 'a'),
    node('Relu', ['a'], 'b'),
    node('Reshape', ['b', 'shape'], 'c'),
    node('Mul', ['c', 'scale'], 'd'),
    node('MatMul', ['d', 'weight'], 'out'),
  ];
  expect(touchedBy(nodes, 'out')).toBe(BYTES);
});

it('holds what is read again later', () => {
  const nodes = [
    node('MatMul', ['input', 'weight'], 'a'),
    node('Relu', ['a'], 'b'),
    node('MatMul', ['b', 'weight'], 'c'),
    node('Add', ['c', 'a'], 'd'),
    node('MatMul', ['d', 'weight'], 'out'),
  ];
  expect(touchedBy(nodes, 'out')).toBe(3 * BYTES);
});

it('counts the branch that is taken alone', () => {
  const branch = (nodes: OnnxNode[], output: string) => ({ graph: { name: output, nodes, output } });
  const nodes = [
    node('MatMul', ['input', 'weight'], 'a'),
    node('If', ['flag'], 'b', {
      then_branch: branch(
        [node('MatMul', ['a', 'weight'], 't1'), node('MatMul', ['t1', 'a'], 't2'), node('MatMul', ['t2', 't1'], 't')],
        't',
      ),
      else_branch: branch([node('MatMul', ['a', 'weight'], 'e')], 'e'),
    }),
    node('MatMul', ['b', 'weight'], 'out'),
  ];
  expect(touchedBy(nodes, 'out', 'else_branch')).toBe(2 * BYTES);
  expect(touchedBy(nodes, 'out', 'then_branch')).toBe(4 * BYTES);
});
