import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { buildNetworks } from '../../gan/network';
import { trialRecipe } from '../trial';
import { compile } from './compile';
import { chooseForms, formsKey, problemsOf, usualForms, type Problem } from './forms';
import type { Graph, Value } from './graph';
import { defineKernel } from './kernel';
import type { OnnxTensor } from './onnxTensor';
import { stepGraph } from './stepModel';
import { tune } from './tune';

const options = { provider: 'cpu', threads: 1 } as const;

/** A convolution and its filter gradient, which share a column matrix. */
const learning = (channels = 3, batch = 2): Graph =>
  compile({ x: [batch, 8, 8, channels], w: [4, 4, channels, 5 * channels] }, ({ x, w }) => {
    const energy = (filter: tf.Tensor) =>
      tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 2, 'same')));
    return { dw: tf.grad(energy)(w as tf.Tensor) };
  });

describe('problems', () => {
  it('take together what shares work, with every combination of forms, the plainest ones first', () => {
    const [problem, ...others] = problemsOf(learning());
    expect(others).toEqual([]);
    expect(problem?.examples.map(({ kernel }) => kernel.name)).toEqual(['Conv2D', 'Conv2DBackpropFilter']);
    expect(problem?.candidates.map(formsKey)).toEqual([
      'columns + columns',
      'columns + native',
      'native + columns',
      'native + native',
    ]);
  });

  it.each([
    ['few channels', 8, 16, 'columns + columns'],
    ['many channels', 32, 16, 'winograd + winograd'],
    ['many channels of few pictures', 32, 2, 'columns + columns'],
  ])('are usually written as is fastest on CPUs for %s, and plainly on devices', (_name, channels, batch, usual) => {
    const [problem] = problemsOf(learning(channels, batch)) as [Problem];
    expect(formsKey(usualForms(problem, 'cpu'))).toBe(usual);
    expect(formsKey(usualForms(problem, 'webgpu'))).toBe('columns + columns');
    // Their names are those that are remembered.
    expect(problem.candidates.map(formsKey)[0]).toBe('columns + columns');
  });

  it('do not lay out the same input in two ways', () => {
    const forms = problemsOf(learning(16)).flatMap(({ candidates }) => candidates.map(formsKey));
    expect(forms).toContain('winograd + winograd');
    expect(forms).not.toContain('columns + winograd');
    expect(forms).not.toContain('winograd + columns');
  });

  it('are the same wherever they occur: a step has each but once', () => {
    const problems = problemsOf(stepGraph(buildNetworks(trialRecipe()), 4));
    expect(new Set(problems.map(({ key }) => key)).size).toBe(problems.length);
    // D sees reals and fakes alike.
    expect(problems.some(({ nodes, examples }) => nodes.length >= 2 * examples.length)).toBe(true);
  });
});

describe('choosing', () => {
  it('follows what is known, and writes as usual what is not', () => {
    const graph = learning();
    const [problem] = problemsOf(graph);
    const known = (forms: string) => chooseForms(graph, new Map([[problem?.key ?? '', forms]]), 'cpu');
    expect([...known('native + columns').values()]).toEqual(['native', 'columns']);
    const usual = ['columns', 'columns'];
    expect([...known('a form of a later version').values()]).toEqual(usual);
    expect([...chooseForms(graph, new Map(), 'cpu').values()]).toEqual(usual);
  });
});

describe('tuning', () => {
  it('finds one of the candidates for each problem, and tries nothing a second time', async () => {
    const graph = stepGraph(buildNetworks(trialRecipe()), 4);
    const tried: number[] = [];
    const found = await tune(
      graph,
      options,
      new Map([['of another recipe', 'columns']]),
      (done) => void tried.push(done),
    );
    const problems = problemsOf(graph);
    expect(tried).toEqual(problems.map((_, index) => index));
    for (const { key, candidates } of problems) expect(candidates.map(formsKey)).toContain(found.get(key));
    expect(found.get('of another recipe')).toBe('columns');
    const again: number[] = [];
    expect(await tune(graph, options, found, (done) => void again.push(done))).toEqual(found);
    expect(again).toEqual([]);
  });

  /** A matrix, usually with nothing of its own square added; the faster form is a factor where `isFast` says so, else several squares. */
  function twoForms(factor: number, isFast: (time: number) => boolean, usual = 'slow'): Graph {
    let times = 0;
    const scaled = defineKernel({
      name: 'Scaled',
      shapes: ([x = []]) => [x],
      forms: () => ['slow', 'fast'],
      usualOnCpu: () => usual,
      emit: (node, emission) => {
        const x = emission.tensor(node.inputs[0] as Value);
        const op = (type: string, ...operands: readonly [OnnxTensor, OnnxTensor]) =>
          emission.op(type, operands, x.shape);
        const plusNothing = (squares: number): OnnxTensor => {
          if (squares === 0) return x;
          const sum = plusNothing(squares - 1);
          return op('Add', sum, op('Mul', op('MatMul', x, sum), emission.scalar(0)));
        };
        if (emission.formOf(node) !== 'fast') return [plusNothing(1)];
        return [isFast(++times) ? op('Mul', x, emission.scalar(factor)) : plusNothing(4)];
      },
    });
    const shape = [512, 512];
    const x: Value = { id: 0, shape, origin: { kind: 'input', name: 'x' } };
    const y: Value = { id: 1, shape, origin: { kind: 'result' } };
    const node = { kernel: scaled, attributes: {}, inputs: [x], outputs: [y] };
    return { inputs: [x], nodes: [node], outputs: [{ name: 'y', value: y }] };
  }

  it.each([
    ['exactly right', 1, 'fast'],
    ['off by rounding', 1 + 1e-6, 'fast'],
    ['as far off as a whole step may be', 1 + 1e-3, 'slow'],
  ])('takes a faster form that is %s or leaves it', async (_name, factor, taken) => {
    const graph = twoForms(factor, () => true);
    const [problem] = problemsOf(graph);
    expect((await tune(graph, options, new Map())).get(problem?.key ?? '')).toBe(taken);
  });

  it('leaves a form that was faster but once', async () => {
    const graph = twoForms(1, (time) => time === 1);
    const [problem] = problemsOf(graph);
    expect((await tune(graph, options, new Map())).get(problem?.key ?? '')).toBe('slow');
  });

  it.each([
    ['exactly right', 1, 'fast'],
    ['wrong', 1.01, 'slow'],
  ])('takes a usual form that is %s or leaves it, compared with the plainest', async (_name, factor, taken) => {
    const graph = twoForms(factor, () => true, 'fast');
    const [problem] = problemsOf(graph);
    expect((await tune(graph, options, new Map())).get(problem?.key ?? '')).toBe(taken);
  });

  it('remembers nothing of a provider that is not there', async () => {
    expect((await tune(learning(), { ...options, provider: 'dml' }, new Map())).size).toBe(0);
  });
});
