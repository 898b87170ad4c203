import type { Params } from '#shared/contract/api';
import { drawSeed } from '../explore/latentPoints';
import type { DoctorFinding, ProviderId, RunStatus } from '#shared/contract/types';
import { engineWords, providerWords } from '../../app/deviceWords';
import { perProject } from '../../app/perProject';
import { findingWords } from './findingWords';

export type EngineChoice = NonNullable<Params<'training.start'>['engine']>;
export type ProviderChoice = NonNullable<Params<'training.start'>['provider']>;

/** What a start takes beside the recipe. */
export class StartChoice {
  #seed = $state(drawSeed(Math.random()));
  #given = $state(false);
  #untuned = $state<boolean>();
  engine = $state<EngineChoice>('auto');
  provider = $state<ProviderChoice>('auto');
  ownProcess = $state(false);

  /** Of a new run; a resumed one keeps its own. */
  get seed(): number {
    return this.#seed;
  }

  set seed(seed: number) {
    this.#seed = seed;
    this.#given = true;
  }

  /** Keeps a new run from being tuned, or has it tuned; else the studio decides by its seed. */
  set untuned(untuned: boolean) {
    this.#untuned = untuned;
  }

  /** What the studio decides, as far as can be told beside the newest run: who gives a seed wants the same run again. */
  untunedAfter(run: Pick<RunStatus, 'runId' | 'seed' | 'untuned'> | undefined): boolean {
    const isAgain = run?.runId !== undefined && run.seed === this.#seed;
    return this.#untuned ?? (this.#given && (!isAgain || run.untuned));
  }

  /** As the contract takes it, for a run that goes on. */
  get onward() {
    return { engine: this.engine, provider: this.provider, ownProcess: this.ownProcess };
  }

  /** The same for a new run. */
  get anew() {
    const untuned = this.#untuned ?? (this.#given ? undefined : false);
    return { ...this.onward, seed: this.seed, ...(untuned !== undefined && { untuned }) };
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
