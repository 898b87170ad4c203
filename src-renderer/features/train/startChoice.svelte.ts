import type { Params } from '#shared/contract/api';
import { drawSeed } from '../explore/latentPoints';
import { perProject } from '../../app/perProject';

export type ProviderChoice = NonNullable<Params<'training.start'>['provider']>;

/** What a start takes beside the recipe. */
export class StartChoice {
  /** Of a new run; a resumed one keeps its own. */
  seed = $state(drawSeed(Math.random()));
  provider = $state<ProviderChoice>('auto');
}

interface ProviderOption {
  readonly value: ProviderChoice;
  readonly label: string;
  readonly detail: string;
}

const everywhere: readonly ProviderOption[] = [
  { value: 'auto', label: 'Automatic', detail: 'The fastest that was proved right here' },
  { value: 'cpu', label: 'CPU', detail: 'Works on every machine' },
];
const webgpu: ProviderOption = { value: 'webgpu', label: 'GPU (WebGPU)', detail: 'Any vendor’s graphics card' };
const onSystem: Readonly<Record<string, readonly ProviderOption[]>> = {
  win32: [webgpu, { value: 'dml', label: 'GPU (DirectML)', detail: 'Any vendor’s, by Windows' }],
  darwin: [webgpu, { value: 'coreml', label: 'Core ML', detail: 'Apple’s GPU and neural engine' }],
  linux: [webgpu, { value: 'cuda', label: 'GPU (CUDA)', detail: 'NVIDIA’s, where CUDA is installed' }],
};

/** Devices that could exist on a system, by Node's name of it. Whether one works is found out by the start, which says so. */
export function providersOn(platform: string): readonly ProviderOption[] {
  const system = Object.keys(onSystem).find((name) => platform.startsWith(name));
  return [...everywhere, ...(system ? (onSystem[system] ?? []) : [])];
}

/** A project's choices; a new one draws a seed of its own. */
export const startChoices = perProject(() => new StartChoice());
