import { fail, GanvasError } from '#shared/contract/errors';
import type { ProviderId } from '#shared/contract/types';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { EngineOptions } from '../engine';
import { providerProblem } from './problems';
import { onnxRuntime } from './runtime';
import { sessionOptions } from './sessionOptions';

/** A model loaded into ONNX Runtime on one provider. Calls must not overlap, and `release` not come amid one: the owner keeps them in order. */
export class ModelSession {
  private constructor(
    readonly provider: ProviderId,
    private readonly session: InferenceSession,
  ) {}

  /**
   * Loads a model; `engine.unavailable` where the provider is missing here or refuses it. Outputs named in `onDevice` stay in the device's memory, as tensors
   * that can be inputs again and that their owner disposes.
   */
  static async load(
    model: Uint8Array,
    options: EngineOptions,
    onDevice: ReadonlySet<string> = new Set(),
  ): Promise<ModelSession> {
    const { provider } = options;
    const { InferenceSession } = await onnxRuntime();
    try {
      const session = await InferenceSession.create(model, sessionOptions(options, onDevice));
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
  return fail('engine.unavailable', { engine: 'compiled', provider, problem: providerProblem(provider, error) });
}
