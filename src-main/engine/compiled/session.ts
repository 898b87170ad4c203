import { fail, GanvasError } from '#shared/contract/errors';
import type { ProviderId } from '#shared/contract/types';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { EngineOptions } from '../engine';
import { onnxRuntime, problemOf } from './runtime';

/** A model loaded into ONNX Runtime on one provider. Calls must not overlap, and `release` not come amid one: the owner keeps them in order. */
export class ModelSession {
  private constructor(
    readonly provider: ProviderId,
    private readonly session: InferenceSession,
  ) {}

  /** Loads a model; `engine.unavailable` where the provider is missing here or refuses it. */
  static async load(model: Uint8Array, { provider, threads }: EngineOptions): Promise<ModelSession> {
    const { InferenceSession } = await onnxRuntime();
    try {
      const session = await InferenceSession.create(model, {
        executionProviders: [provider],
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
        // A pattern of the first step would be held beside what that step took: up to twice the memory, and no faster (measured).
        enableMemPattern: false,
        // A thread that spins for work takes the core from the trainer's; the trainer itself is the fastest spinning.
        ...(threads === 1 ? { extra: { session: { intra_op: { allow_spinning: '0' } } } } : {}),
      });
      return new ModelSession(provider, session);
    } catch (error) {
      return unavailable(provider, error);
    }
  }

  /** Runs the model. Outputs given as tensors are written into those (what ONNX Runtime returns for them are other objects on the same numbers). */
  async run(inputs: Readonly<Record<string, Tensor>>, outputs?: Readonly<Record<string, Tensor>>) {
    try {
      return outputs ? await this.session.run(inputs, outputs) : await this.session.run(inputs);
    } catch (error) {
      return unavailable(this.provider, error);
    }
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

function unavailable(provider: ProviderId, error: unknown): never {
  if (error instanceof GanvasError) throw error;
  return fail('engine.unavailable', { engine: 'compiled', provider, problem: problemOf(error) });
}
