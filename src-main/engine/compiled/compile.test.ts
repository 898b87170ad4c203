import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { OptimizerSettings } from '#shared/recipe/optimizer';
import { Recipe, type RecipeInput } from '#shared/recipe/recipe';
import { buildGan } from '../../gan/network';
import { trialRecipe } from '../trial';
import { checkGraph } from './check';
import type { Graph, Node, Value } from './graph';
import { compile } from './compile';
import { simplify } from './simplify';
import { stepGraph } from './stepModel';
import { trace } from './trace';

const kernelsOf = (graph: Graph): string[] => graph.nodes.map(({ kernel }) => kernel.name);
tf.enableProdMode(); // No advertisement for tfjs-node amid the results.
const x = { x: [4, 6] };
/** Nodes of the simplified step of the trial recipe. */
const NODES_OF_TRIAL = 337;

/** Names of the kernels that are left of a function of x. */
const simplified = (compute: (x: tf.Tensor) => tf.Tensor): string[] =>
  kernelsOf(compile(x, (inputs) => ({ y: compute(inputs['x'] as tf.Tensor) })));

describe('tracing', () => {
  it('names the kernel that the compiler cannot express', () => {
    expect(() => trace(x, (inputs) => ({ y: tf.cumsum(inputs['x'] as tf.Tensor) }))).toThrowError(
      expect.objectContaining({ code: 'engine.unsupported', facts: { kernel: 'Cumsum' } }),
    );
  });

  it('refuses a function that reads numbers', () => {
    const reads = () => trace(x, (inputs) => ({ y: tf.scalar((inputs['x'] as tf.Tensor).dataSync()[0] ?? 0) }));
    expect(reads).toThrow(/only when the graph runs/);
  });

  it('leaves the backend that was in use', async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    await tf.setBackend('cpu');
    const before = tf.getBackend();
    trace(x, (inputs) => ({ y: tf.neg(inputs['x'] as tf.Tensor) }));
    expect(tf.getBackend()).toBe(before);
    expect(tf.square(tf.tensor1d([1, 2])).dataSync()).toEqual(Float32Array.of(1, 4));
  });
});

describe('simplifying', () => {
  it('computes equal expressions once', () => {
    expect(simplified((t) => tf.mul(tf.tanh(t), tf.tanh(t)))).toEqual(['Tanh', 'Multiply']);
  });

  it('folds constants and drops neutral operands', () => {
    expect(simplified((t) => tf.add(tf.mul(t, tf.add(tf.ones([6]), 0)), tf.zerosLike(t)))).toEqual([]);
    expect(simplified((t) => tf.mul(tf.div(tf.mul(t, 3), 2), tf.scalar(4)))).toEqual(['Multiply']);
    expect(simplified((t) => tf.sub(0, t))).toEqual(['Neg']);
  });

  it('finds a constant of equal contents again, and none of other contents', () => {
    const added = (...constants: tf.Tensor[]) => constants.reduce((sum, constant) => tf.add(sum, constant));
    const sums = (...lists: number[][]) => simplified((t) => added(...lists.map((list) => tf.tanh(tf.add(t, list)))));
    const list = [1, 2, 3, 4, 5, 6];
    expect(sums(list, [...list]).filter((kernel) => kernel === 'Tanh')).toHaveLength(1);
    expect(sums(list, list.with(5, 7)).filter((kernel) => kernel === 'Tanh')).toHaveLength(2);
    expect(sums(list, list.toReversed()).filter((kernel) => kernel === 'Tanh')).toHaveLength(2);
  });

  it('drops what nobody reads', () => {
    const unread = simplified((t) => {
      tf.exp(t);
      return tf.neg(t);
    });
    expect(unread).toEqual(['Neg']);
  });

  it('keeps repeated operands small', () => {
    const graph = compile(x, (inputs) => {
      const mean = tf.mean(inputs['x'] as tf.Tensor, 0, true);
      // A gradient as the tape writes it: repeat first, compute then.
      return { y: tf.mul(tf.tanh(tf.mul(mean, tf.ones([4, 6]))), inputs['x'] as tf.Tensor) };
    });
    const tanh = graph.nodes.find(({ kernel }) => kernel.name === 'Tanh') as Node;
    expect(tanh.outputs[0]?.shape).toEqual([1, 6]);
  });

  it('moves a factor to the smaller operand', () => {
    const graph = compile({ ...x, v: [6] }, ({ x: big, v }) => ({
      y: tf.mul(v as tf.Tensor, tf.mul(big as tf.Tensor, 2)),
    }));
    expect(graph.nodes.map(({ outputs }) => outputs[0]?.shape)).toEqual([[6], [4, 6]]);
  });

  it('adds nothing for what a recipe has off', () => {
    const nodes = (change: Partial<RecipeInput>) =>
      stepGraph(buildGan(Recipe.parse({ ...trialRecipe(), ...change })), 4).nodes.length;
    // As before any of it was there: a larger number makes every recipe dearer.
    const plain = nodes({});
    expect(plain).toBeLessThanOrEqual(NODES_OF_TRIAL);
    expect(nodes({ augmentation: { adaptive: true } })).toBe(plain);
    for (const on of [
      { augmentation: { cutout: 0.5 } },
      { augmentation: { brightness: 0.5 } },
      { augmentation: { translation: 0.125, adaptive: true } },
      { discriminatorNoise: { labels: 0.1 } },
      { discriminatorNoise: { pictures: 0.1 } },
      { consistency: { kind: 'real' } },
      { clipping: { generator: { norm: 1 } } },
      { training: { batchSize: 4, steps: 10, microBatches: 2 } },
    ] satisfies Partial<RecipeInput>[]) {
      expect(nodes(on), JSON.stringify(on)).toBeGreaterThan(plain);
    }
  });

  it('carries no moments that an optimiser does not keep', () => {
    const plain = OptimizerSettings.parse({ kind: 'sgd', momentum: 0 });
    const recipe = { ...trialRecipe(), optimizers: { ...trialRecipe().optimizers, discriminator: plain } };
    const { inputs, outputs } = stepGraph(buildGan(recipe), 4);
    const names = inputs.map(({ origin }) => (origin.kind === 'input' ? origin.name : ''));
    expect(names.filter((name) => name.endsWith('Moment'))).toEqual([
      'generator.firstMoment',
      'generator.secondMoment',
    ]);
    expect(outputs.filter(({ name }) => name.startsWith('discriminator.'))).toHaveLength(2);
  });

  it('runs G’s forward pass once, and computes no gradient of D in G’s update', () => {
    const kernels = kernelsOf(stepGraph(buildGan(trialRecipe()), 4));
    const count = (name: string) => kernels.filter((kernel) => kernel === name).length;
    expect(count('Tanh')).toBe(1);
    // Two of G's forward pass; D's inner map once for reals and once for fakes; in G's update D's inner map and the picture.
    expect(count('Conv2DBackpropInput')).toBe(2 + 1 + 1 + 2);
    // G: two kernels; D: two kernels, for real and fake.
    expect(count('Conv2DBackpropFilter')).toBe(2 + 4);
  });
});

describe('the graph’s specification', () => {
  const graph = () => trace(x, (inputs) => ({ y: tf.add(tf.neg(inputs['x'] as tf.Tensor), 1) }));
  const replaced = (original: Graph, index: number, change: (node: Node) => Node): Graph => ({
    ...original,
    nodes: original.nodes.map((node, position) => (position === index ? change(node) : node)),
  });

  it('passes a sound graph, before and after simplifying', () => {
    expect(() => checkGraph(graph(), 'tracing')).not.toThrow();
    expect(() => checkGraph(simplify(graph()), 'simplifying')).not.toThrow();
  });

  it('names the node with a wrong shape', () => {
    const wrong = replaced(graph(), 0, (node) => ({
      ...node,
      outputs: node.outputs.map((value): Value => Object.assign(value, { shape: [6, 4] })),
    }));
    expect(() => checkGraph(wrong, 'a test')).toThrow(/after a test, node 0, Neg .*must be \[4,6\]/);
  });

  it('names the node that reads what is not yet computed', () => {
    const { nodes, ...rest } = graph();
    expect(() => checkGraph({ ...rest, nodes: nodes.toReversed() }, 'a test')).toThrow(
      /node 0, Add .*used before it is computed/,
    );
  });

  it('names the output that no node computes', () => {
    expect(() => checkGraph({ ...graph(), nodes: [] }, 'a test')).toThrow(/output y: value/);
  });

  it('names operands that do not fit', () => {
    const odd: Value = { id: 99, shape: [5], origin: { kind: 'splat', number: 1 } };
    const wrong = replaced(graph(), 1, (node) => ({ ...node, inputs: [node.inputs[0] as Value, odd] }));
    expect(() => checkGraph(wrong, 'a test')).toThrow(/node 1, Add .*do not fit/);
  });
});
