import type { ProviderId } from '#shared/contract/types';

/** A native library's complaint in one line, without the source file and function that ONNX Runtime puts before it. */
export function problemOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [line = message] = message.split('\n');
  return line.replace(/^.* was false\. /, '');
}

const driver = (platform: NodeJS.Platform): string =>
  platform === 'win32' ? 'Direct3D 12' : platform === 'darwin' ? 'Metal' : 'Vulkan';

/** Complaints whose cause is known, in words that say what is missing. */
const known: readonly {
  readonly provider?: ProviderId;
  readonly pattern: RegExp;
  readonly words: (provider: ProviderId, platform: NodeJS.Platform) => string;
}[] = [
  {
    pattern: /backend not found/,
    words: () => 'ONNX Runtime has it not for this system',
  },
  {
    provider: 'webgpu',
    pattern: /No supported adapters|Failed to get a WebGPU adapter/,
    words: (_provider, platform) => `there is no graphics card with a driver for ${driver(platform)}`,
  },
  {
    provider: 'cuda',
    pattern: /Failed to load shared library|libonnxruntime_providers_(cuda|shared)/,
    words: () => 'ONNX Runtime’s library for CUDA is not installed, or it finds no CUDA 12 with cuDNN 9',
  },
  {
    provider: 'dml',
    pattern: /DirectML\.dll|DXGI_ERROR_NOT_FOUND|887A0002/i,
    words: () => 'there is no graphics card with a driver for Direct3D 12',
  },
  {
    pattern: /device (was |is )?(lost|removed|hung)|DXGI_ERROR_DEVICE_(REMOVED|HUNG|RESET)|887A000[567]/i,
    words: () => 'the device was lost',
  },
];

/** Why a provider failed, in words: of a cause that is known, else the library's own. */
export function providerProblem(
  provider: ProviderId,
  error: unknown,
  platform: NodeJS.Platform = process.platform,
): string {
  const problem = problemOf(error);
  const cause = known.find((one) => (one.provider ?? provider) === provider && one.pattern.test(problem));
  return cause ? cause.words(provider, platform) : problem;
}
