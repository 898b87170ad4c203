import type { ProviderId } from '#shared/contract/types';
import type { InferenceSession } from 'onnxruntime-node';
import type { EngineOptions } from '../engine';

type Options = InferenceSession.SessionOptions;

/** Flags of Core ML's provider (coreml_provider_factory.h). */
const COREML = { onSubgraphs: 0x2, mlProgram: 0x10, cpuAndGpu: 0x20 } as const;

/** What a provider wants of a session, by ONNX Runtime's documentation of it. */
function providerOptions(provider: ProviderId): Options {
  switch (provider) {
    case 'coreml': {
      // An ML program keeps to float32, as the older format and the neural engine do not; R1's branch is a subgraph.
      const coreMlFlags = COREML.mlProgram | COREML.cpuAndGpu | COREML.onSubgraphs;
      return { executionProviders: [{ name: 'coreml', coreMlFlags }] };
    }
    case 'dml':
      // DirectML refuses a session that runs nodes in parallel, or has a memory pattern (which none has, see below).
      return { executionProviders: ['dml'], executionMode: 'sequential' };
    case 'cpu':
    case 'webgpu':
    case 'cuda':
      return { executionProviders: [provider] };
  }
}

/** How a model is loaded. Outputs named in `onDevice` stay in the device's memory, as tensors that can be inputs again. */
export function sessionOptions({ provider, threads }: EngineOptions, onDevice: ReadonlySet<string>): Options {
  return {
    ...providerOptions(provider),
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // A pattern of the first step would be held beside what that step took: up to twice the memory, and no faster (measured).
    enableMemPattern: false,
    ...(onDevice.size > 0 && {
      preferredOutputLocation: Object.fromEntries([...onDevice].map((name) => [name, 'gpu-buffer'] as const)),
    }),
    // A thread that spins for work takes the core from the trainer's; the trainer itself is the fastest spinning.
    ...(threads === 1 && { extra: { session: { intra_op: { allow_spinning: '0' } } } }),
  };
}
