import type { Params } from '#shared/contract/api';
import { drawSeed } from '../explore/latentPoints';
import type { DoctorFinding, ProviderId } from '#shared/contract/types';
import { engineWords, providerWords } from '../../app/deviceWords';
import { perProject } from '../../app/perProject';
import { findingWords } from './findingWords';

export type EngineChoice = NonNullable<Params<'training.start'>['engine']>;
export type ProviderChoice = NonNullable<Params<'training.start'>['provider']>;

/** What a start takes beside the recipe. */
export class StartChoice {
  #seed = $state(drawSeed(Math.random()));
  #untuned = $state(false);
  engine = $state<EngineChoice>('auto');
  provider = $state<ProviderChoice>('auto');
  ownProcess = $state(false);
  /** Of a new run; a resumed one keeps its own. */
  get seed(): number {
    return this.#seed;
  }

  /** Who gives a seed wants the same run again: it is not tuned, unless it is said again that it should be. */
  set seed(seed: number) {
    this.#seed = seed;
    this.#untuned = true;
  }

  /** Of a new run, too. */
  get untuned(): boolean {
    return this.#untuned;
  }

  set untuned(untuned: boolean) {
    this.#untuned = untuned;
  }

  /** As the contract takes it, for a run that goes on. */
  get onward() {
    return { engine: this.engine, provider: this.provider, ownProcess: this.ownProcess };
  }

  /** The same for a new run. */
  get anew() {
    return { ...this.onward, seed: this.seed, untuned: this.untuned };
  }
}

interface ChoiceOption<Choice> {
  readonly value: Choice;
  readonly label: string;
  readonly detail: string;
}

const details: Readonly<Record<ProviderChoice, string>> = {
  auto: 'The fastest that was proved right here',
  cpu: 'Works on every machine',
  webgpu: 'Any vendor’s graphics card',
  dml: 'Any vendor’s graphics card, by Windows',
  coreml: 'Apple’s GPU',
  cuda: 'NVIDIA’s, where CUDA is installed',
};
const onSystem: Readonly<Record<string, readonly ProviderId[]>> = {
  win32: ['webgpu', 'dml'],
  darwin: ['webgpu', 'coreml'],
  linux: ['webgpu', 'cuda'],
};

/** Devices that could exist on a system, by Node's name of it, with what was found of each. Whether one that was not tried works, the start finds out. */
export function providersOn(
  platform: string,
  findingOn: (provider: ProviderId) => DoctorFinding | undefined,
): readonly ChoiceOption<ProviderChoice>[] {
  const system = Object.keys(onSystem).find((name) => platform.startsWith(name));
  const providers: readonly ProviderId[] = ['cpu', ...(system ? (onSystem[system] ?? []) : [])];
  const found = (provider: ProviderId) => {
    const finding = findingOn(provider);
    if (!finding) return details[provider];
    const { verdict, detail } = findingWords(finding);
    return `${details[provider]} – ${verdict}: ${detail}`;
  };
  return [
    { value: 'auto', label: 'Automatic', detail: details.auto },
    ...providers.map((value) => ({ value, label: providerWords[value], detail: found(value) })),
  ];
}

/** Both engines, and what each is good for. */
export const engineOptions: readonly ChoiceOption<EngineChoice>[] = [
  { value: 'auto', label: 'Automatic', detail: 'The fastest that was proved right here' },
  { value: 'compiled', label: engineWords.compiled, detail: 'The whole step as one program for the device' },
  {
    value: 'eager',
    label: engineWords.eager,
    detail: 'One operation after the other: slow, unless TensorFlow’s own library is installed',
  },
];

/** A project's choices; a new one draws a seed of its own. */
export const startChoices = perProject(() => new StartChoice());
