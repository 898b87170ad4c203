/**
 * Errors are a code and its facts; what the user reads is written here, once, for every host.
 * `fail('project.not-found', { path })` throws; the hosts carry `{ code, facts }` and each shows the same words.
 */

import { framesByHand, videoAdvice } from './videoFrames';

/** Values that make a message concrete: names, counts, limits. Never objects, never stack traces. */
export type Facts = Readonly<Record<string, string | number>>;

interface Entry {
  /** What happened, to which thing. */
  readonly message: (facts: Facts) => string;
  /** What to do about it. */
  readonly hint: (facts: Facts) => string;
}

const entry = (message: Entry['message'], hint: Entry['hint']): Entry => ({ message, hint });

/** Where a run goes on after a failed provider, and what that costs. */
function onward({ step, repeated }: Facts): string {
  const anew = Number(repeated) === 0 ? '' : `; ${repeated} ${repeated === 1 ? 'step is' : 'steps are'} done anew`;
  return `from step ${step}${anew}`;
}

const table = {
  'call.invalid': entry(
    (f) => `The request “${f.method}” was not understood: ${f.problem}.`,
    () => 'Update the program that sent it; nothing was changed.',
  ),
  'call.unknown': entry(
    (f) => `There is no request called “${f.method}”.`,
    () => 'Update the program that sent it.',
  ),
  'call.not-allowed': entry(
    (f) => `“${f.method}” may not be asked from here.`,
    () => 'Use the program’s own menus or the command line.',
  ),
  'call.too-large': entry(
    (f) => `The request “${f.method}” has ${f.bytes} bytes; at most ${f.limit} are taken.`,
    () => 'Send less at a time.',
  ),
  'job.cancelled': entry(
    () => 'Cancelled.',
    () => 'Nothing was changed by what was not finished.',
  ),
  'project.not-found': entry(
    (f) => `There is no Ganvas project at ${f.path}.`,
    (f) => `Create one with: ganvas new ${f.path}`,
  ),
  'project.unknown': entry(
    () => 'That project is not among the recent ones.',
    () => 'Open its folder again.',
  ),
  'project.exists': entry(
    (f) => `${f.path} already exists and is not empty.`,
    () => 'Choose another folder; nothing was overwritten.',
  ),
  'project.unreadable': entry(
    (f) => `The file ${f.file} of this project cannot be read: ${f.problem}.`,
    () => 'Restore it from a copy; the other files were left as they are.',
  ),
  'project.newer': entry(
    (f) => `${f.file} was written by a newer Ganvas (format ${f.version}).`,
    () => 'Update Ganvas to open it.',
  ),
  'project.locked': entry(
    (f) => `The project is in use by another Ganvas (process ${f.pid}).`,
    () => 'Close it there first, or look at it read-only.',
  ),
  'dataset.empty': entry(
    () => 'This project has no pictures yet.',
    () => 'Drop a folder of pictures, or run: ganvas import PROJECT FOLDER',
  ),
  'dataset.no-pictures': entry(
    (f) => {
      if (f.files === 0) return 'There is no file in there.';
      const all =
        f.files === 1
          ? 'The one file found is no picture that can be used'
          : `None of the ${f.files} files found is a picture that can be used`;
      return f.examples ? `${all}: ${f.examples}.` : `${all}.`;
    },
    (f) =>
      f.videos === f.files && f.files !== 0
        ? videoAdvice
        : 'PNG, JPEG, WebP, AVIF, GIF, TIFF and BMP are read, also in zip and tar archives.',
  ),
  'dataset.no-classes': entry(
    () => 'The pictures have no two classes that could be told apart.',
    () =>
      'Import a folder with a subfolder for each class (or a labels.csv); pictures that are there already get their class.',
  ),
  'dataset.source-missing': entry(
    (f) => `${f.path} does not exist or cannot be read.`,
    () => 'Check the spelling and the permissions.',
  ),
  'dataset.source-unknown': entry(
    () => 'The dropped files are no longer known to the program.',
    () => 'Drop them again.',
  ),
  'dataset.too-many-files': entry(
    (f) => `${f.files} files at once; at most ${f.limit} are taken.`,
    () => 'Import them in several parts.',
  ),
  'dataset.size-fixed': entry(
    (f) => `The pictures already here are ${f.present}, so none can be added as ${f.wanted}.`,
    () =>
      'Leave size and channels out. Those of all pictures can be changed: “Crop all” in the Data room, or: ganvas dataset PROJECT crop --size N',
  ),
  'dataset.fit-fixed': entry(
    (f) => `The pictures already here were made square by: ${f.present}. None can be added by: ${f.wanted}.`,
    () =>
      'Leave crop and background out. Those of all pictures can be changed: “Crop all” in the Data room, or: ganvas dataset PROJECT crop --crop WAY',
  ),
  'dataset.nothing-cleared': entry(
    () => 'There are no cleared pictures to bring back.',
    () => 'Import the pictures again; the files themselves were never touched.',
  ),
  'dataset.report-unknown': entry(
    (f) => `There is no report of import ${f.import}.`,
    () => 'See which there are in the Data room, or with: ganvas dataset PROJECT report --all',
  ),
  'dataset.none-selected': entry(
    () => 'No picture of the project is meant by that.',
    () => 'Choose some first; a name, a pattern of names or a view may have none.',
  ),
  'dataset.class-unknown': entry(
    (f) => `No picture has the class “${f.class}”.`,
    () => 'Look at the classes that there are in the Data room, or with: ganvas dataset PROJECT stats',
  ),
  'dataset.original-missing': entry(
    (f) => `${f.name} cannot be made anew: ${f.problem}.`,
    () =>
      'It can be trained on as it is, and others can be cropped. If its file was moved, show where it is: ganvas dataset PROJECT relink FOLDER',
  ),
  'dataset.originals-missing': entry(
    (f) =>
      `All pictures must have the same size and channels, and ${f.count === 1 ? 'one' : f.count} of them cannot be made anew: ${f.names}. Nothing was changed.`,
    () =>
      'Find the files again (Data room, or: ganvas dataset PROJECT relink FOLDER), or clear the pictures and import all of them anew.',
  ),
  'curation.nothing-to-undo': entry(
    () => 'There is no change of the pictures to take back.',
    () => 'Nothing was changed.',
  ),
  'curation.nothing-to-redo': entry(
    () => 'There is no change of the pictures to do again.',
    () => 'Nothing was changed.',
  ),
  'dataset.too-large': entry(
    (f) => `A project takes at most ${f.limit} pictures.`,
    () => 'Import fewer, or split them over several projects.',
  ),
  'video.gone': entry(
    (f) => `${f.file} is no longer there, or is no video any more.`,
    () => 'If it was moved, drop it itself into the window, or import its folder again.',
  ),
  'video.no-decoder': entry(
    () => 'Videos cannot be taken apart here: this browser has no WebCodecs.',
    () => `Open Ganvas in a newer browser, at 127.0.0.1 or by https. ${framesByHand}`,
  ),
  'video.codec-unknown': entry(
    (f) => `${f.file} is coded as ${f.codec}, which this browser cannot decode.`,
    () => `Save it as H.264, VP9 or AV1. ${framesByHand}`,
  ),
  'video.no-track': entry(
    (f) => `${f.file} holds no moving pictures.`,
    () => 'It may be sound alone, or cut short; choose another file.',
  ),
  'video.damaged': entry(
    (f) => `${f.file} cannot be read as a video: ${f.problem}.`,
    () => 'It may be damaged or cut short; copy it from its source again, or choose another file.',
  ),
  'video.broken-off': entry(
    (f) => `${f.file} is damaged after frame ${f.frame}: ${f.problem}.`,
    (f) => `What came before it was taken: ${f.taken} ${f.taken === 1 ? 'picture' : 'pictures'}.`,
  ),
  'recipe.invalid': entry(
    (f) => `The recipe is not valid: ${f.problem}.`,
    () => 'Mend the marked setting, or take a preset.',
  ),
  'recipe.misfit': entry(
    (f) => `The network does not fit: ${f.problem}.`,
    () => 'The Model room marks the layer where it breaks.',
  ),
  'recipe.batch-undivided': entry(
    (f) => `A batch of ${f.batch} pictures cannot be divided into ${f.parts} equal micro-batches.`,
    () => 'Choose a batch size that is a multiple of the micro-batches.',
  ),
  'recipe.no-setting': entry(
    (f) => `The recipe has no setting “${f.path}”.`,
    (f) => `There is: ${f.known}.`,
  ),
  'recipe.preset-unknown': entry(
    (f) => `There is no preset “${f.preset}”.`,
    (f) => `Presets: ${f.presets}.`,
  ),
  'training.running': entry(
    () => 'A run is already going on.',
    () => 'Stop it first.',
  ),
  'timing.busy': entry(
    () => 'The engine is busy: a run is going on, a recipe is being timed, or this machine is being examined.',
    () => 'Measure when that has ended. The Train room shows the speed of a run that is going on.',
  ),
  'training.not-running': entry(
    () => 'No run is going on.',
    () => 'Start one first.',
  ),
  'training.recipe-changed': entry(
    () => 'The networks were changed since the last run, so its state no longer fits.',
    () => 'Start a new run (--fresh); the old one is kept.',
  ),
  'training.dataset-changed': entry(
    (f) => `The pictures are ${f.dataset}, the networks expect ${f.recipe}.`,
    () => 'Import the pictures at that size, or take a recipe for this size.',
  ),
  'training.pictures-changed': entry(
    (f) =>
      `The pictures are no longer those that this run was trained on: ${f.now} now, ${f.before} up to step ${f.step}.`,
    () => 'The run goes on with the pictures as they are now. For a run on these alone, start a new one.',
  ),
  'training.classes-changed': entry(
    (f) => `The networks were made for ${f.recipe} classes, the pictures have ${f.present} (${f.difference}).`,
    () =>
      'Take the classes of the pictures anew (--conditional), or leave them out (--unconditional), and start a new run.',
  ),
  'training.unlabelled': entry(
    (f) =>
      `${f.count} ${f.count === 1 ? 'picture has' : 'pictures have'} no class and ${f.count === 1 ? 'is' : 'are'} left out of this run.`,
    () => 'Give them a class by importing them again in a folder of that name, or train without classes.',
  ),
  'training.too-few-pictures': entry(
    (f) => `${f.count} pictures to train on are fewer than one batch of ${f.batch}.`,
    () => 'Add pictures, include some that are excluded or held out, or choose a smaller batch.',
  ),
  'training.too-large': entry(
    (f) => `Training this takes about ${f.needed} GB of memory; the machine has ${f.present} GB.`,
    (f) =>
      f.parts === undefined
        ? 'Give its layers fewer outputs, or take a smaller batch.'
        : `It fits in ${f.parts} micro-batches: set “Micro-batches” to ${f.parts} in the recipe (ganvas recipe PROJECT set training.microBatches ${f.parts}).`,
  ),
  'training.diverged': entry(
    (f) => `Training diverged at step ${f.step}: ${f.term} is no longer a number.`,
    () => 'The last checkpoint before it is kept. Lower the learning rate and resume.',
  ),
  'training.worker-lost': entry(
    (f) => `The training worker ended unexpectedly: ${f.problem}.`,
    () => 'The last checkpoint is kept; start again to resume from it.',
  ),
  'training.apart': entry(
    () =>
      'Ganvas ended amid the last run, perhaps by a crash of a device’s driver. This one trains in a process of its own: if that ends, the program goes on.',
    () => 'There is nothing to do. If the training ends again by itself, choose another device.',
  ),
  'training.silent': entry(
    (f) =>
      `Nothing was heard of the training for ${f.seconds} s, since step ${f.step}: the device or its driver may hang.`,
    (f) =>
      `It may go on by itself. Else press Stop (Ctrl-C), which then waits no more, and start Ganvas again: the run goes on ${f.checkpoint === undefined ? 'from its start' : `from step ${f.checkpoint}`}, on another device if you choose one.`,
  ),
  'training.hung': entry(
    () => 'The last thing that was computed hangs in the device or its driver, where it cannot be ended.',
    () =>
      'Quit Ganvas and start it again; the run goes on from its last checkpoint. If it hangs again, choose another device.',
  ),
  'training.provider-restarted': entry(
    (f) => `“${f.provider}” failed (${f.problem}). It was started again: training goes on ${onward(f)}.`,
    () => 'If this happens again, training goes on on the CPU by itself.',
  ),
  'training.fell-back': entry(
    (f) => `“${f.provider}” failed (${f.problem}). Training goes on on the CPU ${onward(f)}.`,
    () => 'Run “ganvas doctor”, or examine this machine in the settings of a start, to see what works here.',
  ),
  'training.no-checkpoint': entry(
    () => 'This project has no trained generator yet.',
    () => 'Train it first; a few minutes are enough to see shapes.',
  ),
  'training.goal-reached': entry(
    (f) => `The run has reached its goal of ${f.goal} steps.`,
    () => 'Raise the number of steps, train for so many more (--steps N), or start a new run (--fresh).',
  ),
  'training.beyond-goal': entry(
    (f) =>
      `The run is past its goal of ${f.goal} steps, where the learning rates are at ${f.percent} % of their beginning.`,
    () => 'Raise the number of steps (ganvas recipe PROJECT set training.steps N) and they rise again.',
  ),
  'latent.worker-lost': entry(
    (f) => `The worker that draws pictures ended unexpectedly: ${f.problem}.`,
    () => 'Try again; training is not concerned.',
  ),
  'latent.no-encoder': entry(
    () => 'This project’s model has no encoder, so your pictures have no place in its latent space.',
    () => 'A VAE has one: take the preset “VAE” in Model, and train it.',
  ),
  'latent.no-picture': entry(
    (f) => `There is no picture ${f.picture}; the project has ${f.count}, numbered from 0.`,
    () => 'Choose one of those.',
  ),
  'latent.class-unknown': entry(
    (f) => (f.classes === 0 ? 'This generator knows no classes.' : `This generator has no class “${f.class}”.`),
    (f) => (f.classes === 0 ? 'Leave the class out.' : `It has ${f.classes}: ${f.names}. Their numbers begin at 0.`),
  ),
  'latent.too-many': entry(
    (f) => `Pictures of ${f.pixels} pixels were asked for at once; at most ${f.limit} are drawn.`,
    () => 'Ask for fewer at a time.',
  ),
  'checkpoint.corrupt': entry(
    (f) => `The checkpoint of step ${f.step} is damaged (${f.problem}).`,
    () => 'It was set aside; the one before it is used.',
  ),
  'run.forms-damaged': entry(
    (f) => `What the run is computed in cannot be read (${f.file}: ${f.problem}).`,
    () =>
      'It goes on in what is fastest here now, so its numbers may part in their last digits from what they would have been.',
  ),
  'checkpoint.none-sound': entry(
    (f) => `No checkpoint of the run can be read (step ${f.step}: ${f.problem}).`,
    () => 'Restore the run’s folder from a copy, or begin a new run (--fresh); nothing was changed.',
  ),
  'engine.unavailable': entry(
    (f) => `The engine “${f.engine}” with “${f.provider}” cannot run here: ${f.problem}.`,
    () => 'Run “ganvas doctor” to see what this machine offers.',
  ),
  'engine.unsupported': entry(
    (f) => `The compiled engine cannot express “${f.kernel}”.`,
    () => 'Train with the eager engine (--engine eager) and report this layer.',
  ),
  'engines.by-hand': entry(
    (f) => `${f.engine} is not built by Ganvas on this machine: ${f.obstacle}.`,
    (f) => `Mend that and try again, or install it by hand: ${f.commands}`,
  ),
  'engines.unconfirmed': entry(
    () => 'Nothing was changed.',
    () => 'Add --yes to go ahead without being asked.',
  ),
  'engines.present': entry(
    (f) => `${f.engine} is here already, in ${f.folder}.`,
    (f) => `“ganvas doctor” tries it. To build it anew, remove it first: ganvas engines remove ${f.engine}`,
  ),
  'engines.absent': entry(
    (f) => `${f.engine} was not added by Ganvas, so there is nothing to remove.`,
    () => '“ganvas engines” lists what is there.',
  ),
  'engines.failed': entry(
    (f) => `${f.engine} could not be added. This command failed: ${f.command}. Its last words: ${f.problem}`,
    () =>
      'Nothing was left behind. Mend what it says and try again; “ganvas engines add” shows every command beforehand.',
  ),
  'disk.full': entry(
    (f) => `The disk is full; ${f.file} could not be written.`,
    () => 'Make room, then go on; what was saved before is intact.',
  ),
  'disk.failed': entry(
    (f) => `${f.file} could not be written: ${f.problem}.`,
    () => 'Check the disk and its permissions, then try again.',
  ),
  'file.exists': entry(
    (f) => `${f.path} already exists.`,
    () => 'Choose another name, or add --force to replace it.',
  ),
  'option.invalid': entry(
    (f) => `${f.option} cannot be ${f.value}: ${f.problem}.`,
    () => 'See --help.',
  ),
  'export.too-large': entry(
    (f) => `The picture would have ${f.pixels} pixels; at most ${f.limit} can be written.`,
    () => 'Choose a smaller scale or fewer pictures.',
  ),
  'export.too-many-pictures': entry(
    (f) => `${f.pictures} pictures of this size are too many for one file; at most ${f.limit} go into it.`,
    () => 'Choose fewer of them, or write all into a folder with: ganvas dataset PROJECT export --out FOLDER',
  ),
  'program.closing': entry(
    () => 'Ganvas is closing.',
    () => 'Start it again. An import goes on where it was when the same pictures are added again.',
  ),
  'export.unknown': entry(
    () => 'That export is no longer waiting to be saved.',
    () => 'Make it again.',
  ),
  'upload.unknown': entry(
    () => 'That upload is no longer known to the program.',
    () => 'Drop the files again.',
  ),
  'upload.name-refused': entry(
    (f) => `A file called “${f.file}” is not taken.`,
    () => 'Rename it, then drop it again; the other files are not concerned.',
  ),
  'upload.too-large': entry(
    (f) => `${f.file} is too large: at most ${f.limit} bytes are taken.`,
    () => 'Make it smaller, or import it with the command line: ganvas import PROJECT FOLDER',
  ),
  'upload.failed': entry(
    (f) => `The upload was refused: ${f.problem}.`,
    () => 'Drop the files again.',
  ),
  'connection.lost': entry(
    () => 'The connection to the studio was lost.',
    () => 'It is tried again by itself; a run goes on meanwhile. If this stays, start Ganvas again.',
  ),
  defect: entry(
    (f) => `Something in Ganvas is broken: ${f.problem}.`,
    () => 'Please report it with what you did last. Your files were left as they are.',
  ),
} as const satisfies Record<string, Entry>;

export type ErrorCode = keyof typeof table;

/** An error as it crosses between processes and as scripts read it. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly facts: Facts;
  readonly message: string;
  readonly hint: string;
}

/** The one error class that is shown to users; anything else that is thrown is a defect of the program. */
export class GanvasError extends Error {
  readonly code: ErrorCode;
  readonly facts: Facts;
  readonly hint: string;

  constructor(code: ErrorCode, facts: Facts = {}) {
    super(table[code].message(facts));
    this.name = 'GanvasError';
    this.code = code;
    this.facts = facts;
    this.hint = table[code].hint(facts);
  }
}

/** Throws the error `code` with its facts. */
export function fail(code: ErrorCode, facts: Facts = {}): never {
  throw new GanvasError(code, facts);
}

/** Whether work ended because it was asked to. */
export const isCancelled = (thrown: unknown): boolean =>
  thrown instanceof GanvasError && thrown.code === 'job.cancelled';

/** Any thrown value as data; what is not a GanvasError becomes `defect`. */
export function toErrorData(thrown: unknown): ErrorData {
  const error =
    thrown instanceof GanvasError
      ? thrown
      : new GanvasError('defect', { problem: thrown instanceof Error ? thrown.message : String(thrown) });
  return { code: error.code, facts: error.facts, message: error.message, hint: error.hint };
}

/** The inverse of {@link toErrorData}: what a client throws when a call came back as an error. */
export function fromErrorData(data: { readonly code: ErrorCode; readonly facts: Facts }): GanvasError {
  return new GanvasError(Object.hasOwn(table, data.code) ? data.code : 'defect', data.facts);
}
