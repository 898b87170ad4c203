import { cpus } from 'node:os';
import type { ProviderId } from '#shared/contract/types';

/** Workers inherit the names of the graphics cards by this variable. */
const GPUS = 'GANVAS_GPUS';

/** Says which graphics cards there are. To be called on the main thread, before a worker starts. */
export function announceGpus(names: readonly string[]): void {
  process.env[GPUS] = names.join('\n');
}

/** What a provider computes on, in words for the user: the thing's own name where it is known. */
export function deviceOf(provider: ProviderId, threads: number): string {
  switch (provider) {
    case 'cpu':
      return `${cpuName()}, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    case 'webgpu':
      return `${gpuName()}, WebGPU`;
    case 'dml':
      return `${gpuName()}, DirectML`;
    case 'coreml':
      return `${processorName(cpus()[0]?.model) ?? 'Apple'}, Core ML`;
    case 'cuda':
      return `${gpuName(/NVIDIA/i)}, CUDA`;
  }
}

/** The processor, for people. */
export function cpuName(): string {
  const name = processorName(cpus()[0]?.model);
  return name === undefined ? 'CPU' : `CPU ${name}`;
}

/** A graphics card of those that a provider may take, where there is but one kind: which of several it takes, it does not say. */
export function gpuName(kind = /./): string {
  const [name, ...others] = (process.env[GPUS] ?? '').split('\n').filter((one) => kind.test(one));
  return name === undefined || others.length > 0 ? 'GPU' : name;
}

/** A processor's name without what its maker adds to every one: `Intel(R) Core(TM) i7-8650U CPU @ 1.90GHz` is an Intel Core i7-8650U. */
export function processorName(model = ''): string | undefined {
  const name = model
    .replace(/\((R|TM)\)/gi, '')
    .replace(/ @ .*$| w\/ .*$| with .*$/i, '')
    .replace(/\b\d+-Core\b|\bCPU\b|\bProcessor\b/gi, '')
    .replace(/\s+/g, ' ')
    .trim();
  return name === '' || /^unknown/i.test(name) ? undefined : name;
}

/** Whether tensors can stay in the provider's own memory between runs. ONNX Runtime's binding for Node.js knows how to hold WebGPU's buffers, and no others. */
export const keepsTensors = (provider: ProviderId): boolean => provider === 'webgpu';

/** How many parts one Split may have: WebGPU promises a shader eight buffers, and one of them is what is split. */
export const partsAtMost = (provider: ProviderId): number | undefined => (provider === 'webgpu' ? 7 : undefined);
