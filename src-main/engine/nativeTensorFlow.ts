import type { NativeEngineId } from '#shared/contract/nativeEngines';
import * as tf from '@tensorflow/tfjs-core';
import { createRequire, Module } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { mendNativeKernels } from './nativeKernels';
import { BINDING, findNativePackages, type FoundPackage } from './nativePackages';

export interface NativeTensorFlow {
  /** Name of its TensorFlow.js backend. */
  readonly backend: 'tensorflow';
  readonly package: NativeEngineId;
  /** Of the native library. */
  readonly version: string;
  readonly onGpu: boolean;
}

/** What became of an attempt to load the native library; a package that is there but does not load is worth a word to its owner. */
export type Loading = NativeTensorFlow | { readonly problem: string } | undefined;

/** Loads the first package that loads and registers its backend; undefined when none is installed. */
export async function loadNativeTensorFlow(): Promise<Loading> {
  let problem: string | undefined;
  for (const found of findNativePackages()) {
    try {
      return await load(found);
    } catch (error) {
      const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
      problem ??= `${found.name} does not load (${line})`;
    }
  }
  return problem === undefined ? undefined : { problem };
}

interface Binding {
  readonly TF_Version: string;
}

type BackendModule = {
  readonly NodeJSKernelBackend: new (
    binding: Binding,
    name: string,
  ) => tf.KernelBackend & {
    readonly isUsingGpuDevice: boolean;
  };
};

/** Only the package's kernels and binding are taken, not its entry, which would load all of `@tensorflow/tfjs` and register with that. */
async function load({ name, folder }: FoundPackage): Promise<NativeTensorFlow> {
  const ofPackage = createRequire(join(folder, 'package.json'));
  fillGapsOfNode();
  lendTensorFlowJs(ofPackage);
  // Some kernels use tensors' methods, which the core alone does not have.
  await import('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops');
  const binding = openForGood(join(folder, BINDING));
  ofPackage('./dist/register_all_kernels');
  mendNativeKernels('tensorflow');
  const { NodeJSKernelBackend } = ofPackage('./dist/nodejs_kernel_backend') as BackendModule;
  const backend = new NodeJSKernelBackend(binding, `@tensorflow/${name}`);
  tf.registerBackend('tensorflow', () => backend);
  return { backend: 'tensorflow', package: name, version: binding.TF_Version, onGpu: backend.isUsingGpuDevice };
}

/** `dlfcn.h`: the library stays when its last user has closed it. */
const RTLD_NODELETE: Partial<Record<NodeJS.Platform, number>> = { linux: 0x1000, darwin: 0x80 };

/** A worker's end closes what it opened, but TensorFlow's threads live on: taken from under them, the process would crash when it ends. */
function openForGood(file: string): Binding {
  const opened = { exports: {} as Binding };
  const forGood = RTLD_NODELETE[process.platform];
  process.dlopen(opened, file, ...(forGood === undefined ? [] : [constants.dlopen.RTLD_NOW | forGood]));
  return opened.exports;
}

/** tfjs-node 4.22 still calls two helpers that Node 23 took out of node:util. */
function fillGapsOfNode(): void {
  const helpers = createRequire(import.meta.url)('node:util') as Record<string, unknown>;
  helpers['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
  helpers['isArray'] ??= Array.isArray;
}

/**
 * TensorFlow.js keeps its kernels and backends in its core, and a package would bring a core of its own, whose kernels this program's never sees. So
 * its `require` is answered with this program's.
 */
function lendTensorFlowJs(ofPackage: NodeJS.Require): void {
  for (const name of ['@tensorflow/tfjs', '@tensorflow/tfjs-core']) {
    const filename = ofPackage.resolve(name);
    const lent = new Module(filename);
    lent.filename = filename;
    lent.exports = { ...tf, KernelBackend: callable(tf.KernelBackend) };
    lent.loaded = true;
    ofPackage.cache[filename] = lent;
  }
}

/** A class without a constructor of its own, as a function: the packages are compiled for ES5, whose subclasses call what they extend. */
function callable<Class extends abstract new () => object>({ prototype }: Class): () => void {
  const base = function (): void {};
  base.prototype = prototype;
  return base;
}
