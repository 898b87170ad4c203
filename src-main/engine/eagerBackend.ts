import { fail } from '#shared/contract/errors';
import type { EngineInfo, ProviderId } from '#shared/contract/types';
import * as tf from '@tensorflow/tfjs-core';
import { createRequire } from 'node:module';
import { installGradients } from '../gan/gradients';

/** A TensorFlow.js backend that computes at once. */
export interface EagerBackend {
  readonly name: 'tensorflow' | 'cpu';
  readonly info: EngineInfo;
}

/** Optional packages with TensorFlow's native library, best first: whoever installs one gets it used, nobody has to. */
const nativePackages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'] as const;

let native: Promise<EagerBackend | undefined> | undefined;

/** The backend for a provider: TensorFlow's native one when a package with it is installed, else TensorFlow.js's own for the CPU. */
export async function eagerBackend(provider: ProviderId): Promise<EagerBackend> {
  native ??= loadNative();
  const found = await native;
  // After loading: the union package that tfjs-node brings registers its own gradients.
  installGradients();
  if (found?.info.provider === provider) return found;
  if (provider === 'cpu') return javascriptBackend();
  const problem = found
    ? `${found.info.device} is what it found`
    : `it needs ${nativePackages[0]}, which is not installed`;
  return fail('engine.unavailable', { engine: 'eager', provider, problem });
}

/** Makes `backend` the one that TensorFlow.js computes with; the tracer may have used another since. */
export function useBackend({ name }: EagerBackend): void {
  if (tf.getBackend() !== name) void tf.setBackend(name);
}

async function loadNative(): Promise<EagerBackend | undefined> {
  // tfjs-node 4.22 still calls two helpers that Node 23 took out of node:util.
  const helpers = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  helpers['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  helpers['isArray'] ??= Array.isArray;
  for (const name of nativePackages) {
    try {
      await import(/* @vite-ignore */ name);
    } catch {
      continue; // Not installed, or its library does not load here: the next one may.
    }
    if (!tf.findBackendFactory('tensorflow')) continue;
    await tf.setBackend('tensorflow');
    const onGpu = (tf.backend() as { readonly isUsingGpuDevice?: boolean }).isUsingGpuDevice === true;
    const device = onGpu ? 'GPU, TensorFlow' : 'CPU, TensorFlow';
    return { name: 'tensorflow', info: { engine: 'eager', provider: onGpu ? 'cuda' : 'cpu', device } };
  }
  return undefined;
}

async function javascriptBackend(): Promise<EagerBackend> {
  // Its first use would print an advertisement for tfjs-node.
  tf.enableProdMode();
  await import('@tensorflow/tfjs-backend-cpu');
  return { name: 'cpu', info: { engine: 'eager', provider: 'cpu', device: 'CPU, JavaScript' } };
}
