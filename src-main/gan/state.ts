import type { ByNetwork } from '#shared/recipe/model';

/**
 * One network's state as flat float32 vectors, weights in the order of its layers and of each layer's `weights` (network.ts gives the
 * name and offset of each). `running` holds batch norm's running statistics; the moments are the optimiser's, zero where it keeps none.
 */
export interface NetworkState {
  readonly weights: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  readonly running: Float32Array;
}

/** A network without its optimiser: a generator as pictures are made with it, an encoder as pictures are read by it. */
export interface NetworkWeights {
  readonly weights: Float32Array;
  readonly running: Float32Array;
}

/** The kind of optimiser that a network's moments belong to, and the steps that were done when it began. */
export interface OptimizerStart {
  readonly kind: string;
  readonly since: number;
}

/** All that a step reads and writes. With the recipe, the seed and the step it determines every later step. */
export type TrainingState = ByNetwork<NetworkState> & {
  /** The moving average of the generator, where the recipe keeps one; without it an average starts from the generator itself. */
  readonly ema?: NetworkWeights;
  /** Whose moments these are; Adam's from the first step on where it is not said. */
  readonly optimizers?: ByNetwork<OptimizerStart>;
  /** Steps done. */
  readonly step: number;
};

/** What sampling needs of a generator, as it was at `step`. */
export interface GeneratorWeights extends NetworkWeights {
  readonly step: number;
  /** Where these weights are the moving average: the generator as its last step left it. */
  readonly newest?: NetworkWeights;
  /** Of a VAE: the encoder of the same step, which gives pictures their place in the latent space. */
  readonly encoder?: NetworkWeights;
}
