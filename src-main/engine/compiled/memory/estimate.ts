import { shapeSize } from '#shared/recipe/layerKind';
import type { Recipe } from '#shared/recipe/recipe';
import { mayJudgeTogether } from '../../../gan/judging';
import { buildNetworks, type Networks } from '../../../gan/network';
import { emittedStep, statePorts } from '../stepModel';
import { Arena } from './arena';
import { planOf, runPlan } from './plan';

/** Bytes of a recipe's training on the CPU, beyond what the program takes without one. */
export interface TrainingMemory {
  /** Weights, moments and running statistics, in all the copies that there are of them. */
  readonly state: number;
  /** What a step computes with: activations, column matrices, gradients, and their like. */
  readonly step: number;
  readonly total: number;
}

const FLOAT_BYTES = 4;
/** A state is there as it began, before and after the step; and ONNX Runtime's results are copies, of which some wait for the garbage collector (measured). */
const COPIES_OF_THE_STATE = 6.5;
/** Memory comes in pages, some of them of 2 MB: what a step touches a little of, it holds whole (measured). */
const WHOLE_PAGES = 1.08;
/** What the compiler leaves behind, the model and its tables once as bytes and once in ONNX Runtime; and what a first start does that tries D's one pass (measured). */
const COMPILED = 10 * 2 ** 20;
const TRIED = 12 * 2 ** 20;
const COPIES_OF_TABLES = 3;

/**
 * The memory that training takes: the step's graph, run on an allocator without memory. Within 20 % of what a process is seen to take (`npm run bench:memory`).
 * Fails as compiling does, with `recipe.misfit` or `engine.unsupported`.
 */
export function trainingMemory(recipe: Recipe, batchSize: number): TrainingMemory {
  const networks = buildNetworks(recipe);
  const one = statePorts(networks).reduce((sum, { size }) => sum + FLOAT_BYTES * size, 0);
  const state = COPIES_OF_THE_STATE * one;
  const apart = stepBytes(networks, batchSize) - one;
  // A first start tries both ways of judging, and the run is in one of them.
  const step = mayJudgeTogether(networks)
    ? TRIED + Math.max(apart, stepBytes({ ...networks, judging: 'together' }, batchSize) - one)
    : apart;
  return { state: Math.round(state), step: Math.round(step), total: Math.round(state + step) };
}

/** What a step computes with, its inputs among it. */
function stepBytes(networks: Networks, batchSize: number): number {
  const { model, shapes } = emittedStep(networks, batchSize);
  const arena = new Arena();
  const plan = planOf(model.nodes, new Set(model.outputs.map(({ name }) => name)), shapes);
  // A step with a lazy penalty, one without, and both once more, when what they leave behind lies as it will lie.
  for (const turn of ['then_branch', 'else_branch', 'then_branch', 'else_branch'] as const) {
    runPlan(plan, shapes, arena, turn);
  }
  const tables = model.initializers.reduce((sum, { data }) => sum + data.byteLength, 0);
  const inputs = model.inputs.reduce((sum, { shape }) => sum + FLOAT_BYTES * shapeSize(shape.map(Number)), 0);
  return WHOLE_PAGES * arena.touched + COPIES_OF_TABLES * tables + inputs + COMPILED;
}
