import { z } from 'zod';
import { CurationEdit, Selection } from '../dataset/curation';
import { PictureFilter } from '../dataset/filter';
import { Channels, Fit, Size } from '../dataset/fit';
import { LeftOut } from '../dataset/leftOut';
import { Sort } from '../dataset/marks';
import { ClassNumber } from '../math/labels';
import { Interpolation, LatentAnchor, LatentPoint } from '../math/latent';
import { AugmentationSettings } from '../recipe/augmentation';
import { Recipe } from '../recipe/recipe';
import { limits } from './limits';
import { reportCodeNames } from './reportCodes';
import { nativeEngines, type EnginePlan, type EnginesReport } from './nativeEngines';
import type {
  AppInfo,
  CurationOutcome,
  DatasetSummary,
  DoctorReport,
  Encoding,
  ExportReady,
  FitPreview,
  ImportProposal,
  ImportSummary,
  MachineInfo,
  MemoryEstimate,
  MissingFiles,
  NearDuplicates,
  PictureBatch,
  PictureDetail,
  PictureOverview,
  PictureStatistics,
  ProjectDetail,
  ProjectSummary,
  RelinkOutcome,
  Rendering,
  ReportedFiles,
  RunStatus,
  SampleSheet,
  StepTime,
  TrainingHistory,
  VideoPart,
} from './types';

/**
 * The contract: one row a call. Types, validation in every host, documentation and the fuzz test all come from the row.
 * The Electron window, the web page and the command line call the same rows.
 */
export interface Call<Params extends z.ZodType = z.ZodType, Result = unknown> {
  readonly params: Params;
  /** `client`: any host. `host`: only code on this machine that was handed a path by its user (command line, OS dialog), never a page. */
  readonly from: 'client' | 'host';
  /** A long call: its params may carry `jobId`, it streams `job.progress` and obeys `jobs.cancel`. */
  readonly job: boolean;
  /** Never present at run time; carries the result's type. */
  readonly result?: Result;
}

const returns = <Params extends z.ZodType>(
  params: Params,
  options?: { readonly from?: Call['from']; readonly job?: boolean },
) => ({
  returns: <Result>(): Call<Params, Result> => ({
    params,
    from: options?.from ?? 'client',
    job: options?.job ?? false,
  }),
});

const ProjectId = z.uuid();
const JobId = z.uuid().optional();
const Name = z.string().trim().min(1).max(limits.nameLength);
const Seed = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const Path = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'holds a NUL byte');
/** A picture's place among the project's pictures, from 0. */
const PictureNumber = z.int().min(0).max(limits.datasetPictures);
const None = z.strictObject({});
const NativeEngine = z.strictObject({ engine: z.enum(nativeEngines) });
const OfProject = z.strictObject({ projectId: ProjectId });
const OfProjectJob = z.strictObject({ projectId: ProjectId, jobId: JobId });
/** Pictures by their places in the pack. */
const Indices = z.array(z.int().min(0)).min(1).max(limits.thumbnails);
const BatchSize = z.int().min(limits.batchMin).max(limits.batchMax);
const EngineChoice = z.enum(['auto', 'compiled', 'eager']);
const ProviderChoice = z.enum(['auto', 'cpu', 'webgpu', 'dml', 'coreml', 'cuda']);

/** Of a run that keeps a moving average of its generator: that, or the generator as its last step left it. They are one where it keeps none. */
const Weights = z.enum(['average', 'newest']).default('average');
export type WeightsChoice = z.output<typeof Weights>;

/** How long to train in this start. `goal`: up to the recipe's step count; the others: so much more. */
export const Budget = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('goal') }),
  z.strictObject({ kind: z.literal('steps'), steps: z.int().min(1).max(limits.stepsMax) }),
  z.strictObject({ kind: z.literal('images'), images: z.int().min(1).max(limits.stepsMax) }),
  z.strictObject({
    kind: z.literal('minutes'),
    minutes: z
      .number()
      .gt(0)
      .max(60 * 24 * 365),
  }),
]);
export type Budget = z.output<typeof Budget>;

/** Where an import's pictures come from. Paths enter by the host only; a page has ids. */
export const ImportSource = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sample') }),
  /** Files handed over before by drop, dialog or upload. */
  z.strictObject({ kind: z.literal('offered'), sourceId: z.uuid() }),
]);

export const api = {
  'app.info': returns(None).returns<AppInfo>(),
  /** Tries each engine and provider with a real training step and compares it with the CPU's. */
  'app.doctor': returns(z.strictObject({ jobId: JobId }), { job: true }).returns<DoctorReport>(),
  /** What “automatic” takes on this machine, and the findings behind that. */
  'app.machine': returns(None).returns<MachineInfo>(),
  /** The first pictures of the bundled sample set, for the first screen. */
  'app.samplePreview': returns(z.strictObject({ count: z.int().min(1).max(64) })).returns<PictureBatch>(),

  /** Projects opened of late, newest first. */
  'projects.recent': returns(None).returns<readonly ProjectSummary[]>(),
  'projects.create': returns(
    z.strictObject({ name: Name, preset: z.string().max(40).optional() }),
  ).returns<ProjectDetail>(),
  'projects.open': returns(OfProject).returns<ProjectDetail>(),
  'projects.rename': returns(z.strictObject({ projectId: ProjectId, name: Name })).returns<ProjectDetail>(),
  /** Takes it off the list of recent projects; its folder stays. Until the studio closes, `projects.open` brings it back. */
  'projects.forget': returns(OfProject).returns<readonly ProjectSummary[]>(),
  'projects.createAt': returns(z.strictObject({ path: Path, preset: z.string().max(40).optional() }), {
    from: 'host',
  }).returns<ProjectDetail>(),
  'projects.openAt': returns(z.strictObject({ path: Path }), { from: 'host' }).returns<ProjectDetail>(),

  /** Hands over files or folders of this machine; the answer's id names them in `datasets.import`. */
  'datasets.offer': returns(
    z.strictObject({
      paths: z.array(Path).max(limits.uploadFiles),
      /** Further ones that are the program's own to keep (an upload): they are moved beside the pack, so that they can be cropped anew. */
      adopted: z.array(Path).max(limits.uploadFiles).default([]),
    }),
    { from: 'host' },
  ).returns<{ readonly sourceId: string }>(),
  /** Decodes, checks and packs; without size or channels they are proposed from the pictures. Replaces nothing: new pictures are added. */
  'datasets.import': returns(
    z.strictObject({
      projectId: ProjectId,
      source: ImportSource,
      size: Size.optional(),
      channels: Channels.optional(),
      /** How pictures become squares; `dataset.fit-fixed` where those that are there became so another way. */
      crop: Fit.shape.crop.optional(),
      background: Fit.shape.background.optional(),
      /** Takes every so many frames of animations as pictures of their own; 0: the first alone. Those that are there keep their frames (`other-frames`). */
      everyFrame: z.int().min(0).max(limits.everyFrame).optional(),
      leftOut: LeftOut.optional(),
      jobId: JobId,
    }),
    { job: true },
  ).returns<{ readonly dataset: DatasetSummary; readonly proposal: ImportProposal; readonly recipe: Recipe }>(),
  /** The imports whose reports are kept, the newest first: also those that failed. */
  'datasets.reports': returns(OfProject).returns<readonly ImportSummary[]>(),
  /** What an import says of its files, all of them or those with a code, from a place on: 0, then each answer's `next`. */
  'datasets.reportedFiles': returns(
    z.strictObject({
      projectId: ProjectId,
      import: z.int().min(0),
      code: z.enum(reportCodeNames).optional(),
      from: z.int().min(0).default(0),
      count: z.int().min(1).max(limits.reportedFiles).default(limits.reportedFiles),
    }),
  ).returns<ReportedFiles>(),
  /** A part of a video that an import's report lists, for the window to take its frames; `video.gone` where that is no video (any more). */
  'datasets.videoPart': returns(
    z.strictObject({
      projectId: ProjectId,
      import: z.int().min(1),
      /** Its place in the report, as `datasets.reportedFiles` tells it. */
      video: z.int().min(0),
      from: z.int().min(0).default(0),
      count: z.int().min(1).max(limits.videoPartBytes).default(limits.videoPartBytes),
    }),
  ).returns<VideoPart>(),
  'datasets.thumbnails': returns(
    z.strictObject({
      projectId: ProjectId,
      /** `trained`: those alone that a run would read now, counted by themselves. */
      of: z.enum(['all', 'trained']).default('all'),
      from: z.int().min(0),
      count: z.int().min(1).max(limits.thumbnails),
    }),
  ).returns<PictureBatch>(),
  /** Empties the pack (the user's own files are never touched); the old one is kept until the next import, for undo. */
  'datasets.clear': returns(OfProject).returns<ProjectDetail>(),
  'datasets.undoClear': returns(OfProject).returns<ProjectDetail>(),

  /** All pictures at a glance: their marks and classes, and the order asked for. */
  'curation.overview': returns(
    z.strictObject({ projectId: ProjectId, sort: Sort.default('added') }),
  ).returns<PictureOverview>(),
  'curation.thumbnails': returns(z.strictObject({ projectId: ProjectId, indices: Indices })).returns<PictureBatch>(),
  'curation.describe': returns(z.strictObject({ projectId: ProjectId, indices: Indices })).returns<
    readonly PictureDetail[]
  >(),
  /** Groups of pictures that look alike and that nobody has decided about, from the `from`-th on. */
  'curation.alike': returns(
    z.strictObject({
      projectId: ProjectId,
      from: z.int().min(0).default(0),
      count: z.int().min(1).max(limits.thumbnails),
    }),
  ).returns<NearDuplicates>(),
  'curation.statistics': returns(
    z.strictObject({ projectId: ProjectId, filter: PictureFilter }),
  ).returns<PictureStatistics>(),
  /** One change of what is trained on, and how. A new fit or format reads the pictures' own files again, as does taking it back. */
  'curation.edit': returns(z.strictObject({ projectId: ProjectId, edit: CurationEdit, jobId: JobId }), {
    job: true,
  }).returns<CurationOutcome>(),
  'curation.undo': returns(OfProjectJob, { job: true }).returns<CurationOutcome>(),
  'curation.redo': returns(OfProjectJob, { job: true }).returns<CurationOutcome>(),
  /** Looks for the pictures' files, by their content, in what was handed over; fits that waited for them are applied. */
  /** Pictures whose files are not where they were or as they were; the files are not read. */
  'curation.checkFiles': returns(OfProjectJob, { job: true }).returns<MissingFiles>(),
  'curation.relink': returns(z.strictObject({ projectId: ProjectId, sourceId: z.uuid(), jobId: JobId }), {
    job: true,
  }).returns<RelinkOutcome>(),
  /** A picture as it is, and as training would see it with a fit, by the import's own code; without size or channels, in those of the pack. */
  'curation.fitPreview': returns(
    z.strictObject({
      projectId: ProjectId,
      index: z.int().min(0),
      fit: Fit,
      size: Size.optional(),
      channels: Channels.optional(),
    }),
  ).returns<FitPreview>(),
  /** Pictures as D would see them in so many batches, by the training's own code: all of the first, then of the second. */
  'curation.augmentPreview': returns(
    z.strictObject({
      projectId: ProjectId,
      indices: z.array(z.int().min(0)).min(1).max(limits.augmentPictures),
      augmentation: AugmentationSettings,
      variants: z.int().min(1).max(limits.augmentVariants).default(8),
      seed: Seed.default(1),
    }),
  ).returns<PictureBatch>(),

  'recipe.set': returns(z.strictObject({ projectId: ProjectId, recipe: Recipe })).returns<ProjectDetail>(),
  /** What training a recipe on the CPU takes, before anything is trained. `recipe.misfit` where it cannot be trained at all. */
  'recipe.memory': returns(
    z.strictObject({ recipe: Recipe, batchSize: BatchSize.optional() }),
  ).returns<MemoryEstimate>(),

  /** Times steps of a recipe on this machine as training would do them. Not beside a run (`timing.busy`); a start ends it. */
  'recipe.time': returns(
    z.strictObject({
      recipe: Recipe,
      batchSize: BatchSize.optional(),
      engine: EngineChoice.default('auto'),
      provider: ProviderChoice.default('auto'),
      jobId: JobId,
    }),
    { job: true },
  ).returns<StepTime>(),

  'training.start': returns(
    z.strictObject({
      projectId: ProjectId,
      budget: Budget.default({ kind: 'goal' }),
      /** A new run, even where the last could go on. */
      fresh: z.boolean().default(false),
      seed: Seed.optional(),
      provider: ProviderChoice.default('auto'),
      engine: EngineChoice.default('auto'),
      /**
       * Keeps operators in their usual forms, for bits that depend on no timing. Where it is not said: a run that goes on, or is begun once more with the seed of
       * an earlier one, keeps to what that one did; a new one is tuned unless its seed is given, for who gives one wants the same run again.
       */
      untuned: z.boolean().optional(),
      /** Trains in a process of its own, which a crash in native code ends alone. So it is anyway after a run that the program died in. */
      ownProcess: z.boolean().default(false),
      batchSize: BatchSize.optional(),
    }),
  ).returns<RunStatus>(),
  'training.pause': returns(OfProject).returns<RunStatus>(),
  'training.resume': returns(OfProject).returns<RunStatus>(),
  /** Ends the run after the step in flight, with a checkpoint. */
  'training.stop': returns(OfProject).returns<RunStatus>(),
  'training.status': returns(OfProject).returns<RunStatus>(),
  'training.history': returns(
    z.strictObject({ projectId: ProjectId, points: z.int().min(2).max(20_000).default(2000) }),
  ).returns<TrainingHistory>(),
  /** Steps at which sample sheets were kept, oldest first. */
  'training.sampleSteps': returns(OfProject).returns<readonly number[]>(),
  'training.samplesAt': returns(z.strictObject({ projectId: ProjectId, step: z.int().min(0) })).returns<SampleSheet>(),

  /** Pictures of points of the latent space, by the newest generator, also while it trains. */
  'latent.render': returns(
    z.strictObject({
      projectId: ProjectId,
      points: z.array(LatentPoint).min(1).max(limits.renderCount),
      weights: Weights,
    }),
  ).returns<Rendering>(),

  /** Where a VAE's encoder puts pictures of the project, by their numbers; also while it trains. */
  'latent.encode': returns(
    z.strictObject({ projectId: ProjectId, pictures: z.array(PictureNumber).min(1).max(limits.encodeCount) }),
  ).returns<Encoding>(),

  'export.picture': returns(
    z.strictObject({
      projectId: ProjectId,
      point: LatentPoint,
      weights: Weights,
      scale: z.int().min(1).max(16).default(1),
    }),
  ).returns<ExportReady>(),
  /** A PNG grid, pictures left to right by seed; the seeds are written into its metadata. With classes all seeds of each, several of them a row each. */
  'export.grid': returns(
    z.strictObject({
      projectId: ProjectId,
      seeds: z.array(Seed).min(1).max(limits.renderCount),
      columns: z.int().min(1).max(64).optional(),
      classes: z.array(ClassNumber).min(1).max(limits.classes).optional(),
      weights: Weights,
      scale: z.int().min(1).max(16).default(1),
    }),
  ).returns<ExportReady>(),
  /** An animated WebP from one seed or picture to another; `loop` walks back again. */
  'export.animation': returns(
    z.strictObject({
      projectId: ProjectId,
      from: LatentAnchor,
      to: LatentAnchor,
      frames: z.int().min(2).max(limits.animationFrames).default(60),
      mode: Interpolation.default('slerp'),
      /** Classes at both ends, for a generator with classes; else they follow the seeds. */
      classes: z.strictObject({ from: ClassNumber, to: ClassNumber }).optional(),
      weights: Weights,
      framesPerSecond: z.int().min(1).max(60).default(30),
      scale: z.int().min(1).max(16).default(4),
      loop: z.boolean().default(true),
      jobId: JobId,
    }),
    { job: true },
  ).returns<ExportReady>(),
  /** The generator as ONNX: input `z` [N, latent] (and `labels` [N, classes] where it has classes), output `pictures` [N, H, W, C] in −1 … 1, batch size free. */
  'export.onnx': returns(z.strictObject({ projectId: ProjectId, weights: Weights })).returns<ExportReady>(),
  /** A VAE's encoder as ONNX: input `pictures` [N, H, W, C] in −1 … 1, outputs `mean` and `logVariance` [N, latent]. */
  'export.encoderOnnx': returns(OfProject).returns<ExportReady>(),
  /** A PNG with pictures of the project and, to the right of each, what a VAE makes of its code. */
  'export.reconstructions': returns(
    z.strictObject({
      projectId: ProjectId,
      pictures: z.array(PictureNumber).min(1).max(limits.renderCount),
      weights: Weights,
      scale: z.int().min(1).max(16).default(1),
    }),
  ).returns<ExportReady>(),
  /** A zip of pictures of the project as training sees them, a PNG each, and their classes in a `labels.csv`. */
  'export.trainingPictures': returns(z.strictObject({ projectId: ProjectId, pictures: Selection, jobId: JobId }), {
    job: true,
  }).returns<ExportReady>(),
  /** The bytes of a finished export; hosts turn it into a file. */
  'export.take': returns(z.strictObject({ exportId: z.uuid() }), { from: 'host' }).returns<{
    readonly fileName: string;
    readonly mime: string;
    readonly bytes: Uint8Array;
  }>(),

  /** Packages with TensorFlow's native library for the eager engine: what is there, and the command that adds one. */
  'engines.list': returns(None).returns<EnginesReport>(),
  /** What adding one would do on this machine. Changes nothing. */
  'engines.plan': returns(NativeEngine, { from: 'host' }).returns<EnginePlan>(),
  /** Carries the plan out, in the program's own folder; its user has said yes. */
  'engines.add': returns(NativeEngine.extend({ jobId: JobId }), { from: 'host', job: true }).returns<EnginesReport>(),
  /** Removes what `engines.add` put there. */
  'engines.remove': returns(NativeEngine, { from: 'host' }).returns<EnginesReport>(),

  'jobs.cancel': returns(z.strictObject({ jobId: z.uuid() })).returns<{ readonly cancelled: boolean }>(),
} as const satisfies Record<string, Call>;

export type Api = typeof api;
export type Method = keyof Api;
/** Params as a caller writes them: defaults may be left out. */
export type Params<M extends Method> = z.input<Api[M]['params']>;
/** Params as a handler gets them: validated, defaults filled in. */
export type CheckedParams<M extends Method> = z.output<Api[M]['params']>;
export type Result<M extends Method> = Api[M] extends Call<z.ZodType, infer R> ? R : never;

/** Whether a name from outside is a call of the contract (own keys only: `__proto__` is none). */
export function isMethod(name: unknown): name is Method {
  return typeof name === 'string' && Object.hasOwn(api, name);
}
