import type { ErrorData } from './errors';
import type { MissingCode } from './missingCodes';
import type { PictureFlag } from './pictureFlags';
import type { Sampling, Split } from '../dataset/curation';
import type { PictureMark } from '../dataset/marks';
import type { Recipe } from '../recipe/recipe';

/** Pictures as bytes: `count` pictures of `height × width × channels`, row by row, channels last, 0 … 255. */
export interface PictureBatch {
  readonly count: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

export type ProviderId = 'cpu' | 'webgpu' | 'dml' | 'coreml' | 'cuda';
export type EngineId = 'compiled' | 'eager';

/** How it is computed, and where. */
export interface Computing {
  readonly engine: EngineId;
  readonly provider: ProviderId;
}

/** Which engine computes, on what. `device` is for people: “CPU, 2 threads”. */
export interface EngineInfo extends Computing {
  readonly device: string;
}

export interface AppInfo {
  readonly version: string;
  readonly host: 'electron' | 'web' | 'cli';
  readonly platform: string;
  /** Folder that new projects are made in. */
  readonly projectsFolder: string;
  readonly samplePictures: number;
}

export interface ProjectSummary {
  readonly id: string;
  readonly name: string;
  /** Folder on the machine that runs the studio; shown, never sent back. */
  readonly path: string;
  readonly pictures: number;
  /** D+G steps of its last run. */
  readonly step: number;
  /** ISO 8601. */
  readonly openedAt: string;
  /** Of a project that this program has open. */
  readonly run?: RunState;
}

/** A file that was not taken, by code; `detail` has the decoder's own words. */
export interface SkippedFile {
  readonly file: string;
  readonly code: SkipCode;
  readonly detail?: string;
  /** Of a video whose bytes `datasets.videoPart` hands out: its place in the report. */
  readonly video?: number;
}

export type SkipCode =
  | 'not-a-picture'
  | 'corrupt'
  | 'empty'
  | 'too-large'
  | 'too-many-pixels'
  | 'timeout'
  | 'unreadable'
  /** Its path is too long or too deep, or clashes with another's. */
  | 'name'
  | 'unsupported'
  /** Taken apart into frames by the studio's window alone. */
  | 'video'
  | 'archive'
  /** Only the files before the cut were taken. */
  | 'archive-cut'
  /** No picture: a list of classes, or the folders that would be classes, of which something could not be used. */
  | 'labels';

/** A picture that was taken after it was changed into something usable. */
export interface MendedFile {
  readonly file: string;
  readonly flags: readonly PictureFlag[];
}

/** `again`: the very file was imported before; `known`: the picture was there, from another file; `twice`: it came with the same import, from another file; `other-frames`: an animation of which other frames were asked for than are there. */
export type DuplicateCode = 'again' | 'known' | 'twice' | 'other-frames';

/** A file whose picture was there already: it has the same content as the one that stays. */
export interface DuplicateFile {
  readonly file: string;
  readonly code: DuplicateCode;
  /** The picture that stays: SHA-256 of its file, and that file's name. */
  readonly picture: { readonly id: string; readonly name: string };
  /** Where the file's place says another class than the picture has, which keeps its own. */
  readonly conflict?: { readonly code: 'class-conflict'; readonly kept: string; readonly found: string };
}

/** A file that an import has something to say about. */
export type ReportedFile = SkippedFile | MendedFile | DuplicateFile;
export type ReportCode = SkipCode | PictureFlag | DuplicateCode | 'class-conflict';

/** What an import did, in numbers. */
export interface ImportCounts {
  readonly added: number;
  /** Files whose picture was there already: all of the {@link DuplicateCode}s. */
  readonly duplicates: number;
  readonly skippedCount: number;
  /** Files with each code; codes that none has are left out. */
  readonly byCode: Readonly<Partial<Record<ReportCode, number>>>;
}

/** An import whose report is kept: what it did, in numbers; its files are asked for beside it. */
export interface ImportSummary extends ImportCounts {
  /** Counts the project's imports, from 1; 0: the last one before there were reports, of which less is known. */
  readonly import: number;
  /** When it began, ISO 8601. */
  readonly at: string;
  /** Names of what was imported, the first of them. */
  readonly from: readonly string[];
  /** Of an import that was cancelled or failed, nothing was added. */
  readonly outcome: 'done' | 'cancelled' | 'failed';
  /** Why it failed. */
  readonly error?: ErrorData;
}

/** Files of an import's report, in the order in which they were met. */
export interface ReportedFiles {
  readonly files: readonly ReportedFile[];
  /** Where the next ones are; undefined when there are no more. */
  readonly next: number | undefined;
  /** Places in the pack of the pictures that duplicates equal, by their ids; those that are no longer there are left out. */
  readonly places: Readonly<Record<string, number>>;
}

/** A part of a video's file; fewer bytes than were asked for at its end. */
export interface VideoPart {
  readonly bytes: Uint8Array;
  /** Of the whole file. */
  readonly size: number;
}

/** A class of pictures. The name comes from the user's folders or files: text, never markup. */
export interface ClassSummary {
  readonly name: string;
  readonly pictures: number;
}

/**
 * How a picture of any shape becomes a square. `centre`, `attention`: the largest square in its middle, or where it has most detail, skin and colour;
 * `letterbox`: all of it, with bars; `stretch`: all of it, distorted.
 */
export type CropMode = 'centre' | 'attention' | 'letterbox' | 'stretch';

export interface PictureFit {
  readonly crop: CropMode;
  /** `#rrggbb`, behind what is transparent and in the bars of a letterbox. */
  readonly background: string;
  /** The part that is used, as fractions of the upright picture's sides; all of it when left out. */
  readonly region?: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
}

/** What the pictures of a pack are like, over all of them; of a fixed size, however many there are. */
export interface DatasetReport {
  /** How many pictures have each flag; flags that none has are left out. */
  readonly flags: Readonly<Partial<Record<PictureFlag, number>>>;
  /** Pictures by their shorter side, pixels: `[from, pictures]`, from each bound up to the next. Those of unknown size are under 0. */
  readonly sides: readonly (readonly [number, number])[];
  /** Pictures by width / height: `[from, pictures]`, from each bound up to the next. */
  readonly aspects: readonly (readonly [number, number])[];
  /** Of the training pictures, for each channel: mean and standard deviation, 0 … 255, and the share of pixels in each of 32 ranges of values. */
  readonly channels: readonly {
    readonly mean: number;
    readonly deviation: number;
    readonly histogram: readonly number[];
  }[];
}

/** What a project's pack of training pictures holds, and what the last import did. */
export interface DatasetSummary {
  readonly images: number;
  readonly size: number;
  readonly channels: 1 | 3;
  /** Changes with the content: hash over the pictures' hashes. */
  readonly hash: string;
  readonly importedAt: string;
  /** Added by the last import. */
  readonly added: number;
  /** Found by the last import to be the same picture as one already there. */
  readonly duplicates: number;
  readonly skippedCount: number;
  readonly skipped: readonly SkippedFile[];
  /** In the order of their numbers; empty when the pictures have no classes. Pictures beyond their sum have none. */
  readonly classes: readonly ClassSummary[];
  /** The first of the last import's pictures that were mended on the way in; all of them have their flags in their records. */
  readonly mended: readonly MendedFile[];
  /** Every so many frames of the animations that were taken last are pictures of their own; 0: the first alone. */
  readonly everyFrame: number;
  /** How they were made into squares; pictures that are added later are made alike. */
  readonly fit: PictureFit;
  readonly report: DatasetReport;
}

/** What the user decided about the pictures, in numbers: which of them are trained on, and how. */
export interface CurationSummary {
  /** Counts up with every change. */
  readonly revision: number;
  /** Pictures that a run reads. */
  readonly trained: number;
  /** Of those pictures, their classes and their weights: changes with them. Empty without pictures. */
  readonly hash: string;
  readonly excluded: number;
  readonly heldOut: number;
  /** Of classes whose weight is 0. */
  readonly unweighted: number;
  /** The classes as they are now, each with its pictures that a run reads; a place among them is a number that networks know the class by. */
  readonly classes: readonly ClassSummary[];
  readonly split: Split;
  readonly sampling: Sampling;
  /** What undo and redo would take back and do again, for people. */
  readonly undo: string | undefined;
  readonly redo: string | undefined;
}

/** All pictures of a pack at a glance, in its order; columns of little-endian numbers. */
export interface PictureOverview {
  readonly revision: number;
  readonly count: number;
  /** `[count]` uint32: the bits of each picture's marks, see shared/dataset/marks. */
  readonly marks: Uint8Array;
  /** `[count]` uint16: 0 for none, else 1 + the place of its class in `classes`. */
  readonly classNumbers: Uint8Array;
  /** `[count]` uint16: the shorter side of its own file, pixels; 0 where that is not known. */
  readonly shorterSides: Uint8Array;
  readonly classes: readonly string[];
  /** `[count]` uint32: the pictures' places in the order that was asked for; left out for the pack's own. */
  readonly order?: Uint8Array;
}

/** What is known of one picture. */
export interface PictureDetail {
  readonly index: number;
  /** SHA-256 of its file. */
  readonly id: string;
  readonly name: string;
  /** Its own size, pixels; 0 when it is not known. */
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly frame: number | undefined;
  readonly class: string | undefined;
  readonly marks: readonly PictureMark[];
  readonly fit: PictureFit;
  /** Mean and standard deviation of its luma, 0 … 255. */
  readonly mean: number;
  readonly deviation: number;
}

/** A curation after a change. */
export interface CurationOutcome {
  readonly curation: CurationSummary;
  /** What was done, for people; undefined when nothing had to be, or nothing could be because of what is missing. */
  readonly done: string | undefined;
  /** Pictures that could not be made anew, because their files cannot be read. */
  readonly missing: MissingFiles;
}

/** Pictures that cannot be made anew from their files. */
export interface MissingFiles {
  readonly count: number;
  /** The first of them. */
  readonly files: readonly { readonly name: string; readonly problem: MissingCode }[];
}

export interface RelinkOutcome extends CurationOutcome {
  /** Pictures whose files were found. */
  readonly found: number;
}

/** Pictures that look alike, the largest first. */
export interface NearDuplicates {
  readonly groups: readonly (readonly number[])[];
  /** Groups there are in all. */
  readonly total: number;
}

/** What the pictures of a view are like: `[from, pictures]`, each range from its bound up to the next. */
export interface PictureStatistics {
  readonly pictures: number;
  /** By the shorter side, pixels, and by width / height; those of unknown size are left out. */
  readonly sides: readonly (readonly [number, number])[];
  readonly aspects: readonly (readonly [number, number])[];
  /** By mean and standard deviation of the luma, 0 … 255. */
  readonly brightness: readonly (readonly [number, number])[];
  readonly contrast: readonly (readonly [number, number])[];
}

/** One picture as it is, and as training would see it. */
export interface FitPreview {
  /** Scaled down to at most {@link limits.previewSide}. */
  readonly original: PictureBatch;
  /** Its own size, pixels. */
  readonly width: number;
  readonly height: number;
  readonly result: PictureBatch;
}

export interface ImportProposal {
  readonly size: number;
  readonly channels: 1 | 3;
}

/** What a step of a GAN comes to; in a report, means over the steps since the report before. */
export interface GanFigures {
  readonly lossD: number;
  readonly lossG: number;
  /**
   * Mean verdict of D on real pictures, D(x), 0 … 1: a probability with the cross-entropy losses; with the others a score brought to the same range, ½
   * where D is undecided (hinge: the score's sigmoid; least squares: the score itself; Wasserstein, relativistic: against the other kind's mean).
   */
  readonly dReal: number;
  /** The same of generated pictures, D(G(z)), before D's update of that step. */
  readonly dFake: number;
  /** Mean sign of the verdicts on real pictures, −1 … 1, where augmentation adapts itself to it: r_t of Karras et al. 2020. */
  readonly signs?: number | undefined;
}

/** What a step of a VAE comes to. Nats are bits times log 2. */
export interface VaeFigures {
  /** −log p(x|z) of the batch, nats a picture: how much is lost in reconstruction. A density, so it can be negative. */
  readonly reconstruction: number;
  /** KL(q(z|x) ‖ N(0, I)), nats a picture: what the latent code tells of it. */
  readonly kl: number;
  /** The evidence lower bound, −(reconstruction + kl), nats a picture, whatever β weighs: higher is better. */
  readonly elbo: number;
  /** Mean squared difference of pictures and reconstructions, of pixels in −1 … 1. */
  readonly squaredError: number;
  /** Latent numbers whose mean tells pictures apart: its variance over the batch is above 0.01 (Burda et al. 2016). */
  readonly activeUnits: number;
}

/** What a step comes to, by the recipe's model. */
export type Figures = GanFigures | VaeFigures;

/** When a report was made, and how fast training went. */
interface ReportProgress {
  /** Steps done by this run. */
  readonly step: number;
  /** Real pictures seen by this run. */
  readonly images: number;
  /** Mean duration of whole steps since the report before, milliseconds. */
  readonly msPerStep: number;
  readonly imagesPerSecond: number;
  /** Training time of this run, pauses not counted, seconds. */
  readonly seconds: number;
  /** With which augmentation that adapts itself changed a picture at the end, 0 … 1; absent where it does not. */
  readonly augmentProbability?: number | undefined;
}

/** How fast a recipe trains on a machine, measured there with real steps on noise in place of pictures. */
export interface StepTime {
  readonly provider: ProviderId;
  readonly device: string;
  readonly batchSize: number;
  /** Mean over whole turns of the penalty, with the drawing of random numbers; reading pictures and saving come on top. */
  readonly msPerStep: number;
  readonly imagesPerSecond: number;
}

/** Memory that training a recipe takes on the CPU, bytes, estimated before it is trained: within 20 % of what is measured. */
export interface MemoryEstimate {
  readonly batchSize: number;
  readonly bytes: number;
  /** Of these: weights, moments and running statistics with their copies; and what a step computes with. */
  readonly stateBytes: number;
  readonly stepBytes: number;
  /** What the machine has. */
  readonly presentBytes: number;
  readonly fits: boolean;
  /** Where it does not fit: the fewest micro-batches with which it would. */
  readonly remedy?: { readonly microBatches: number; readonly bytes: number };
}

/** One line of `metrics.jsonl`, and what the charts draw. Figures are means over the steps since the report before. */
export type TrainingReport = ReportProgress & Figures;
export type GanReport = ReportProgress & GanFigures;
export type VaeReport = ReportProgress & VaeFigures;

export type RunState =
  | { readonly state: 'none' }
  | { readonly state: 'preparing'; readonly phase: string; readonly fraction: number }
  | { readonly state: 'training' }
  | { readonly state: 'paused' }
  | { readonly state: 'stopping' }
  /** `goal`: all steps done; `user`: stopped; `interrupted`: the program ended in the midst; `error`: see `error`. */
  | {
      readonly state: 'stopped';
      readonly reason: 'goal' | 'user' | 'interrupted' | 'error';
      readonly error?: ErrorData;
    };

/** A set of pictures that a run was trained on, to be compared with {@link CurationSummary}'s. */
export interface TrainedPictures {
  readonly hash: string;
  readonly count: number;
}

export interface RunStatus {
  readonly projectId: string;
  /** Undefined before the first run. */
  readonly runId: string | undefined;
  readonly run: RunState;
  readonly step: number;
  /** Step at which it will stop by itself. */
  readonly goal: number;
  readonly seed: number;
  /** Whether it keeps to the usual forms of its operators, so that the same seed gives the same bits in another project, too. */
  readonly untuned: boolean;
  readonly engine: EngineInfo | undefined;
  readonly report: TrainingReport | undefined;
  /** Estimate from the speed of late; undefined while unknown. */
  readonly secondsLeft: number | undefined;
  /** Step of the newest checkpoint on disk, which a start resumes from. */
  readonly checkpointStep: number | undefined;
  /** Whether the project's networks are still those of the run, so that it can be continued. */
  readonly continuable: boolean;
  /** The pictures that the run reads, or read last; undefined where that is not known. */
  readonly trainedOn: TrainedPictures | undefined;
  /** Names of the classes that the run's networks look at, in the order of their numbers; empty where they look at none. */
  readonly classes: readonly string[];
  /** What the user should read though the run goes on (or may go on): a full disk that paused it, a damaged checkpoint that was set aside. */
  readonly warning?: ErrorData | undefined;
}

/** What an import that did not come to its end was of: the first of its files and folders, and how many there were. */
export interface UnfinishedImport {
  readonly sources: readonly string[];
  readonly count: number;
}

export interface ProjectDetail {
  readonly summary: ProjectSummary;
  readonly recipe: Recipe;
  readonly dataset: DatasetSummary | undefined;
  readonly curation: CurationSummary;
  readonly run: RunStatus;
  /** True when another program has it open. */
  readonly readOnly: boolean;
  /** An import that was cut off and can go on. */
  readonly unfinished: UnfinishedImport | undefined;
}

/** Reports as columns, oldest first, thinned out evenly to the number of points asked for. */
export interface TrainingHistory {
  readonly runId: string | undefined;
  readonly reports: readonly TrainingReport[];
}

/** Samples of the run's fixed latents at a step. */
export interface SampleSheet {
  readonly runId: string;
  readonly step: number;
  readonly pictures: PictureBatch;
}

/** Rendered points of the latent space, by the generator as it was at `step`. */
export interface Rendering {
  readonly step: number;
  readonly pictures: PictureBatch;
}

/** Pictures as a VAE's encoder reads them: a normal distribution for each, of as many numbers as a latent has. */
export interface Encoding {
  /** Step of the encoder. */
  readonly step: number;
  readonly means: readonly (readonly number[])[];
  readonly deviations: readonly (readonly number[])[];
}

/** A finished export that waits to be saved (desktop: a dialog; web: a download). */
export interface ExportReady {
  readonly exportId: string;
  readonly fileName: string;
  readonly mime: string;
  readonly bytes: number;
}

/** One engine and provider as `doctor` found it. */
export interface DoctorFinding {
  readonly engine: EngineId;
  readonly provider: ProviderId;
  readonly device: string;
  readonly status: 'right' | 'wrong' | 'unavailable';
  /** Largest difference of any weight or loss from the CPU's after the trial steps. */
  readonly difference?: number;
  readonly msPerStep?: number;
  readonly problem?: string;
}

export interface DoctorReport {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly findings: readonly DoctorFinding[];
  /** The fastest that is right. */
  readonly best: Computing;
}

/** What is known of the machine that computes. */
export interface MachineInfo {
  /** What the choice “automatic” comes to; undefined: a start finds it out first. */
  readonly automatic: Computing | undefined;
  /** Whether the program ended amid the last examination: what it tried may have brought it down, so automatic is the compiled engine on the CPU. */
  readonly unfinished: boolean;
  /** The last examination, a short one of a first start included. */
  readonly report: DoctorReport | undefined;
}
