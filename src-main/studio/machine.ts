import { availableParallelism, cpus } from 'node:os';
import type { CheckedParams } from '#shared/contract/api';
import type { Computing, DoctorReport, MachineInfo } from '#shared/contract/types';
import { announceGpus } from '../engine/device';
import { fastest } from '../engine/fastest';
import { readGpus, type Gpus } from '../store/gpus';
import {
  beginExamination,
  forgetExamination,
  rememberedMachine,
  rememberExamination,
  type MachineFacts,
} from '../store/machine';
import { listEngines } from './engines';
import { platform } from './platform';

type Choice = Pick<CheckedParams<'training.start'>, 'engine' | 'provider'>;

/** What is known of the machine that computes, on disk, and what a start's choices come to by it. */
export class Machine {
  readonly #home: string;
  readonly #hostGpus: () => Promise<Gpus | undefined>;
  #gpus: Promise<Gpus | undefined> | undefined;
  /** While it is noted on disk that an examination began, which has found nothing yet: what the one before had found. */
  #examining: Pick<MachineInfo, 'report'> | undefined;

  /** `hostGpus`: what the host knows of the graphics cards; asked once. */
  constructor(home: string, hostGpus: () => Promise<Gpus | undefined> = () => Promise.resolve(undefined)) {
    this.#home = home;
    this.#hostGpus = hostGpus;
  }

  async read(): Promise<MachineInfo> {
    return rememberedMachine(this.#home, await this.#facts());
  }

  /** What a start computes with; undefined where an examination has to find it out. */
  async choose(choice: Choice): Promise<Computing | undefined> {
    return computingOf(choice, await this.read(), (await listEngines()).used === 'tfjs-node-gpu');
  }

  /** All that findings depend on: where one of these is another, they are found anew. */
  async #facts(): Promise<MachineFacts> {
    this.#gpus ??= gpusKnown(this.#hostGpus);
    const [{ engines }, gpus] = await Promise.all([listEngines(), this.#gpus]);
    announceGpus(gpus?.names ?? []);
    const ready = engines.filter(({ state }) => state === 'ready').map(({ id }) => id);
    return {
      platform,
      processor: cpus()[0]?.model ?? '',
      cores: availableParallelism(),
      engines: ready.join(' '),
      ...(gpus && { gpus: gpus.ids.toSorted().join(' ') }),
    };
  }

  async beginExamination(): Promise<void> {
    const { report } = await this.read();
    this.#examining = { report };
    await beginExamination(this.#home, await this.#facts());
  }

  async remember(report: DoctorReport): Promise<void> {
    this.#examining = undefined;
    await rememberExamination(this.#home, await this.#facts(), report);
  }

  /** After an examination that was ended by its user: the machine is as known as before. After one that failed, what it tried is not tried again unasked. */
  async forgetExamination(): Promise<void> {
    if (!this.#examining) return;
    const { report } = this.#examining;
    this.#examining = undefined;
    await (report ? this.remember(report) : forgetExamination(this.#home));
  }
}

/** As it is asked for by every host: the bus where it can be seen, the better names. */
export async function gpusKnown(
  host: () => Promise<Gpus | undefined>,
  bus: () => Promise<Gpus | undefined> = readGpus,
): Promise<Gpus | undefined> {
  const [seen, told] = await Promise.all([bus(), host()]);
  if (!seen || !told) return seen ?? told;
  return { ids: seen.ids, names: told.names.length > 0 && seen.names.length <= 1 ? told.names : seen.names };
}

/**
 * What the choices of a start come to: the fastest that was proved right, of what they leave open. A provider that was never tried is the compiled engine's; the
 * eager one computes on what its native library, if there is one, was made for.
 */
export function computingOf(
  { engine, provider }: Choice,
  { automatic, report }: Pick<MachineInfo, 'automatic' | 'report'>,
  nativeOnGpu: boolean,
): Computing | undefined {
  if (engine === 'auto' && provider === 'auto') return automatic;
  const fits = (one: Computing) =>
    (engine === 'auto' || one.engine === engine) && (provider === 'auto' || one.provider === provider);
  if (automatic && fits(automatic)) return automatic;
  const found = fastest((report?.findings ?? []).filter(fits));
  if (found) return found;
  if (engine === 'eager') return { engine, provider: provider === 'auto' ? (nativeOnGpu ? 'cuda' : 'cpu') : provider };
  if (provider !== 'auto') return { engine: 'compiled', provider };
  return automatic && { engine: 'compiled', provider: 'cpu' };
}
