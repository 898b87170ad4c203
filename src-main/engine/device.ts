import type { ProviderId } from '#shared/contract/types';

/** What a provider computes on, in words for the user. */
export function deviceOf(provider: ProviderId, threads: number): string {
  switch (provider) {
    case 'cpu':
      return `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
    case 'webgpu':
      return 'GPU, WebGPU';
    case 'dml':
      return 'GPU, DirectML';
    case 'coreml':
      return 'Apple, Core ML';
    case 'cuda':
      return 'GPU, CUDA';
  }
}

/** Whether tensors can stay in the provider's own memory between runs. ONNX Runtime's binding for Node.js knows how to hold WebGPU's buffers, and no others. */
export const keepsTensors = (provider: ProviderId): boolean => provider === 'webgpu';

/** How many parts one Split may have: WebGPU promises a shader eight buffers, and one of them is what is split. */
export const partsAtMost = (provider: ProviderId): number | undefined => (provider === 'webgpu' ? 7 : undefined);
