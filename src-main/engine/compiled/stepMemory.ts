import type { Tensor } from 'onnxruntime-node';

export type Tensors = Readonly<Record<string, Tensor>>;

/** Flat vectors by the names of their ports: the networks' of the state, and the generator's average where the recipe keeps one. */
export type Vectors = Readonly<Record<string, Float32Array>>;

/** Where the training state lives from step to step. Calls must not overlap: the session keeps them in order. */
export interface StepMemory {
  /** Runs a step on the state and keeps what comes of it; the average keeps `emaKept` of itself. Resolves to the step's report. */
  step(inputs: Tensors, emaKept: number): Promise<Float32Array>;
  /** A copy of a vector by its port's name; undefined for one that the recipe has not. */
  read(name: string): Promise<Float32Array | undefined>;
  close(): Promise<void>;
}
