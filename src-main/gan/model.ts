import type { Figures } from '#shared/contract/types';
import type { Shape, Tf } from '#shared/recipe/layerKind';
import type { ByNetwork } from '#shared/recipe/model';
import type { Recipe } from '#shared/recipe/recipe';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { collect } from './collect';
import type { Draws } from './draws';
import type { Networks } from './network';
import type { StepCount, StepInputs } from './stepInputs';
import type { Either, NetworkTensors } from './stepTensors';

type Keys<Union> = Union extends unknown ? keyof Union : never;

/** The name of a figure that some model's steps report. */
export type FigureName = Keys<Figures>;

/** A step's figures out of a number for each that its model names: all of them, so they make up one of the union. */
export function figuresOf(numbers: Iterable<readonly [string, number]>): Figures {
  return Object.fromEntries(numbers) as unknown as Figures;
}

/** What a step leaves: the networks' state after it, and a scalar for each of the model's figures. */
export interface StepOutcome {
  readonly state: ByNetwork<NetworkTensors>;
  readonly figures: Readonly<Record<string, Scalar>>;
}

/** Turns an update's flag (1: take the penalty) into a choice. */
export type EitherOf = (penalise: Scalar) => Either;

/** A kind of generative model: what a step of it draws, reads, computes and reports. Both engines run `step`. One file each in `models/`. */
export interface Model {
  /** The id in a recipe; equals the file's name and its export. */
  readonly id: string;
  /** What a step reports, in this order. */
  readonly figures: (recipe: Recipe) => readonly FigureName[];
  /** Batches of real pictures that a step reads. */
  readonly batches: (recipe: Recipe) => number;
  /**
   * The random numbers of the step after `seen` real pictures; where it changes pictures, it does so with this probability. `frequencies` of the classes
   * among the real pictures are equal unless told.
   */
  readonly draw: (
    networks: Networks,
    batch: number,
    seed: number,
    seen: number,
    probability?: number,
    frequencies?: readonly number[],
  ) => Draws;
  /** Shapes of a step's tensors by name, batch included. */
  readonly inputShapes: (networks: Networks, batch: number) => Readonly<Record<string, Shape>>;
  /** A step's numbers under the names of `inputShapes`. */
  readonly inputNumbers: (
    networks: Networks,
    inputs: StepInputs,
    count: StepCount,
  ) => Readonly<Record<string, Float32Array | undefined>>;
  readonly step: (
    tf: Tf,
    networks: Networks,
    state: ByNetwork<NetworkTensors>,
    inputs: Readonly<Record<string, Tensor>>,
    eitherOf: EitherOf,
  ) => StepOutcome;
}

const models = collect<Model>(import.meta.glob(['./models/*.ts', '!./models/*.test.ts'], { eager: true }));

/** The model of a recipe. */
export function modelOf({ model: { kind } }: Pick<Recipe, 'model'>): Model {
  const model = models.get(kind);
  if (!model) throw new Error(`no model called ${kind}`);
  return model;
}
