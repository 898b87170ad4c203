import type { Shape } from '#shared/recipe/layerKind';
import type { Tensor } from '@tensorflow/tfjs-core';
import { checkGraph } from './check';
import type { Graph } from './graph';
import { simplify } from './simplify';
import { trace } from './trace';

/** Traces a function of tensors and simplifies the graph; both are checked against the graph's specification. */
export function compile(
  inputs: Readonly<Record<string, Shape>>,
  compute: (inputs: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>,
): Graph {
  const traced = trace(inputs, compute);
  checkGraph(traced, 'tracing');
  const simplified = simplify(traced);
  checkGraph(simplified, 'simplifying');
  return simplified;
}
