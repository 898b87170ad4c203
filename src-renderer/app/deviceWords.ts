import type { EngineId, MachineInfo, ProviderId, RunStatus } from '#shared/contract/types';

export const providerWords: Readonly<Record<ProviderId, string>> = {
  cpu: 'CPU',
  webgpu: 'GPU (WebGPU)',
  dml: 'GPU (DirectML)',
  coreml: 'Core ML',
  cuda: 'GPU (CUDA)',
};

export const engineWords: Readonly<Record<EngineId, string>> = {
  compiled: 'Compiled',
  eager: 'Eager (TensorFlow.js)',
};

/** What a run computes on, or what the choice “automatic” would take for it; never nothing. */
export function deviceWords(
  { engine }: Pick<RunStatus, 'engine'>,
  machine: MachineInfo | undefined,
): { readonly device: string; readonly detail: string } {
  if (engine) return { device: engine.device, detail: `${engine.engine} engine on ${engine.provider}` };
  const automatic = machine?.automatic;
  if (!automatic)
    return { device: 'device not chosen yet', detail: 'The first start tries what computes fastest here' };
  const finding = machine.report?.findings.find(
    (one) => one.engine === automatic.engine && one.provider === automatic.provider,
  );
  return {
    device: finding?.device ?? providerWords[automatic.provider],
    detail: 'What the choice “automatic” takes here',
  };
}
