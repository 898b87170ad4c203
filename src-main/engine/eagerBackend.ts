import { fail } from '#shared/contract/errors';
import type { EngineInfo, ProviderId } from '#shared/contract/types';
import * as tf from '@tensorflow/tfjs-core';
import { cpuName, gpuName } from './device';
import { installGradients } from '../gan/gradients';
import { loadNativeTensorFlow, type Loading } from './nativeTensorFlow';

/** A TensorFlow.js backend that computes at once. */
export interface EagerBackend {
  readonly name: 'tensorflow' | 'cpu';
  readonly info: EngineInfo;
}

let loading: Promise<Loading> | undefined;

/** The backend for a provider: TensorFlow's native one when a package with it is installed, else TensorFlow.js's own for the CPU. */
export async function eagerBackend(provider: ProviderId): Promise<EagerBackend> {
  loading ??= loadNativeTensorFlow();
  const native = await loading;
  installGradients();
  const found = native && 'backend' in native ? native : undefined;
  if (found && provider === (found.onGpu ? 'cuda' : 'cpu')) {
    const device = `${found.onGpu ? gpuName(/NVIDIA/i) : cpuName()}, TensorFlow ${found.version}`;
    return { name: found.backend, info: { engine: 'eager', provider, device } };
  }
  if (provider === 'cpu') return javascriptBackend();
  return fail('engine.unavailable', { engine: 'eager', provider, problem: whyNot(native) });
}

function whyNot(native: Loading): string {
  if (native === undefined) return 'it needs tfjs-node-gpu, which is not installed (“ganvas engines” says how)';
  return 'problem' in native
    ? native.problem
    : `${native.package} found no GPU that TensorFlow ${native.version} can use`;
}

/** Makes `backend` the one that TensorFlow.js computes with; the tracer may have used another since. */
export function useBackend({ name }: EagerBackend): void {
  if (tf.getBackend() !== name) void tf.setBackend(name);
}

async function javascriptBackend(): Promise<EagerBackend> {
  // Its first use would print an advertisement for tfjs-node.
  tf.enableProdMode();
  await import('@tensorflow/tfjs-backend-cpu');
  return { name: 'cpu', info: { engine: 'eager', provider: 'cpu', device: `${cpuName()}, JavaScript` } };
}
