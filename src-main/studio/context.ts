import { announceEngines } from '../engine/nativePackages';
import { disableTelemetry } from '../engine/telemetry';
import type { StartAnyWorker } from '../isolation/worker';
import type { DecoderKind } from '../store/decode/decoder';
import type { PictureWorkers } from '../store/decode/picture';
import { openPictureWorkers } from '../store/decode/pictureWorkers';
import type { Gpus } from '../store/gpus';
import { Sampler } from '../trainer/sampler';
import { enginesFolder } from './enginePlan';
import { Curator } from './curator';
import { EventHub } from './eventHub';
import { PictureCodes } from './codes';
import { ExportShelf } from './exportShelf';
import { Generators } from './generators';
import { Jobs } from './jobs';
import { Machine } from './machine';
import { Offers } from './offers';
import { ProjectShelf } from './projectShelf';
import { Runs } from './runs';

export interface StudioOptions {
  /** Folder for the program's own data: new projects, the list of recent ones. Made when it is first needed. */
  readonly home: string;
  readonly host: 'electron' | 'web' | 'cli';
  readonly version: string;
  /** What the host knows of the machine's graphics cards; the command line and the web host know what the system tells in files. */
  readonly gpus?: () => Promise<Gpus | undefined>;
  /** Folder of the built worker files, with a slash at its end; this file's own folder unless told. */
  readonly workers?: URL;
  /** Where pictures are decoded; Node processes unless told. */
  readonly decoders?: DecoderKind;
  /** How a training worker is begun in a process of its own; as Node does it unless told. */
  readonly trainingProcess?: StartAnyWorker;
}

/** What the areas of the studio share. */
export interface StudioContext {
  readonly options: StudioOptions;
  readonly events: EventHub;
  readonly jobs: Jobs;
  readonly projects: ProjectShelf;
  readonly offers: Offers;
  readonly curator: Curator;
  readonly runs: Runs;
  readonly sampler: Sampler;
  readonly generators: Generators;
  readonly codes: PictureCodes;
  readonly exports: ExportShelf;
  /** Decoders for one piece of work; whoever opens them closes them. */
  openDecoders(): PictureWorkers;
  close(): Promise<void>;
}

/** Opens nothing yet: workers start, and files are made, with the first call that needs them. */
export function createContext(options: StudioOptions): StudioContext {
  disableTelemetry();
  announceEngines(enginesFolder(options.home));
  const workers = options.workers ?? new URL('./', import.meta.url);
  const events = new EventHub();
  const jobs = new Jobs(events);
  const projects = new ProjectShelf(options.home);
  const sampler = new Sampler(new URL('sampler.js', workers));
  const generators = new Generators();
  const openDecoders = () => openPictureWorkers(options.decoders);
  const curator = new Curator(events, openDecoders);
  const runs = new Runs({
    home: options.home,
    machine: new Machine(options.home, options.gpus),
    worker: new URL('trainer.js', workers),
    events,
    sampler,
    generators,
    startProcess: options.trainingProcess,
    live: options.host !== 'cli',
  });
  return {
    options,
    events,
    jobs,
    projects,
    offers: new Offers(),
    curator,
    runs,
    sampler,
    generators,
    codes: new PictureCodes(sampler),
    exports: new ExportShelf(),
    openDecoders,
    async close() {
      jobs.close();
      // The run first: its last samples are drawn by the sampler, and both write under the project's lock.
      await runs.close();
      await sampler.close();
      await curator.close();
      await projects.close();
    },
  };
}
