import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fail, GanvasError } from '#shared/contract/errors';
import type { AdaptiveState } from '#shared/recipe/adaptive';
import { limits } from '#shared/contract/limits';
import { byNetwork, type ByNetwork } from '#shared/recipe/model';
import { exists, failDisk, makeSubfolder, readJson, syncFolder, systemCode, TEMPORARY, writeSynced } from './atomic';
import type { Format } from './format';
import { decodeFloats, encodeSafetensors, type SavedTensor } from './safetensors';

/** One network's vectors; the engine's NetworkState has this shape. */
export interface SavedNetwork {
  readonly weights: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  readonly running: Float32Array;
}

/** A generator as pictures are made with it. */
interface SavedGenerator {
  readonly weights: Float32Array;
  readonly running: Float32Array;
}

const OptimizerStart = z.strictObject({ kind: z.string().max(40), since: z.int().min(0) });
const SavedOptimizers = z.strictObject({
  generator: OptimizerStart,
  discriminator: OptimizerStart.optional(),
  encoder: OptimizerStart.optional(),
}) satisfies z.ZodType<ByNetwork<unknown>>;
type SavedOptimizers = ByNetwork<z.output<typeof OptimizerStart>>;

/** All that a later step depends on, beside the recipe and the pictures. Random numbers are counted, so seed and step hold their state. */
export interface Checkpoint {
  readonly state: ByNetwork<SavedNetwork> & {
    /** The generator's moving average, where the run keeps one. */
    readonly ema?: SavedGenerator;
    /** Whose moments these are, where it is known. */
    readonly optimizers?: SavedOptimizers;
    /** Steps done. */
    readonly step: number;
  };
  readonly seed: number;
  /** Real pictures seen. */
  readonly images: number;
  /** Training time so far, seconds. */
  readonly seconds: number;
  /** How augmentation stands that adapts itself, where the run has it. */
  readonly adaptive?: AdaptiveState | undefined;
  /** {@link Pack.hash} of the pictures trained on. */
  readonly datasetHash: string;
}

/** A checkpoint that failed its check and is no longer used. */
export interface SetAside {
  readonly step: number;
  readonly problem: string;
}

const STATE = 'state.safetensors';
const MANIFEST = 'manifest.json';
/** Those that a run has: a generator, and what its model trains beside it. */
const NETWORKS = ['generator', 'discriminator', 'encoder'] as const;
const VECTORS = ['weights', 'firstMoment', 'secondMoment', 'running'] as const;
const EMA_VECTORS = ['weights', 'running'] as const;

const FileCheck = z.strictObject({ bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const VERSION = 3;
const Manifest = z.strictObject({
  version: z.literal(VERSION),
  step: z.int().min(0),
  files: z.strictObject({ [STATE]: FileCheck }),
});
type Manifest = z.output<typeof Manifest>;
/**
 * Version 2 may hold the generator's average, version 3 the state of adaptive augmentation and the kinds of optimisers: a program for the version before
 * would lose them without a word.
 */
const manifestFormat: Format<Manifest> = {
  version: VERSION,
  schema: Manifest,
  migrations: { 1: (old) => old, 2: (old) => old },
};

/** Lies in the state file's metadata, so that its checksum covers it too. */
const Progress = z.strictObject({
  seed: z.int().min(0),
  images: z.int().min(0),
  seconds: z.number().min(0),
  adaptive: z
    .strictObject({ probability: z.number().min(0).max(1), signs: z.number(), steps: z.int().min(0) })
    .optional(),
  optimizers: SavedOptimizers.optional(),
  datasetHash: z.string().max(128),
});

const checkpointsDir = (runDir: string) => join(runDir, 'checkpoints');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** `<step>`, or `<step>-<n>` when the step was saved before (after a resume): nothing is ever removed to make room for what replaces it. */
const FOLDER = /^(\d+)(?:-(\d+))?$/;

interface Folder {
  readonly name: string;
  readonly step: number;
  readonly attempt: number;
}

/** The checkpoints' folders, newest first. */
async function folders(runDir: string): Promise<Folder[]> {
  const names = await readdir(checkpointsDir(runDir)).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    return failDisk(error, checkpointsDir(runDir));
  });
  return names
    .flatMap((name) => {
      const match = FOLDER.exec(name);
      return match ? [{ name, step: Number(match[1]), attempt: Number(match[2] ?? 1) }] : [];
    })
    .sort((a, b) => b.step - a.step || b.attempt - a.attempt);
}

/**
 * Saves a checkpoint, durable when the promise resolves: files and manifest are synced in a temporary folder, which is then renamed into place, so a
 * crash at any moment leaves a whole checkpoint or none. Older ones beyond {@link limits.checkpointsKept} are removed after. `disk.full`, `disk.failed`.
 */
export async function saveCheckpoint(runDir: string, checkpoint: Checkpoint): Promise<void> {
  const dir = checkpointsDir(runDir);
  const temporary = join(dir, `${randomUUID()}${TEMPORARY}`);
  await makeSubfolder(dir);
  try {
    const present = await folders(runDir);
    await mkdir(temporary);
    await writeCheckpoint(temporary, checkpoint);
    const { step } = checkpoint.state;
    const before = present.find((folder) => folder.step === step);
    await rename(temporary, join(dir, before ? `${step}-${before.attempt + 1}` : String(step)));
    await syncFolder(dir);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    failDisk(error, dir);
  }
  await prune(runDir);
}

async function writeCheckpoint(folder: string, { state, ...progress }: Checkpoint): Promise<void> {
  const tensors = new Map<string, SavedTensor>();
  for (const network of NETWORKS) {
    for (const vector of VECTORS) {
      const data = state[network]?.[vector];
      if (data) tensors.set(`${network}.${vector}`, { shape: [data.length], data });
    }
  }
  const { ema } = state;
  if (ema) {
    for (const vector of EMA_VECTORS) tensors.set(`ema.${vector}`, { shape: [ema[vector].length], data: ema[vector] });
  }
  const bytes = encodeSafetensors({
    tensors,
    metadata: { progress: JSON.stringify({ ...progress, optimizers: state.optimizers }) },
  });
  await writeSynced(join(folder, STATE), bytes);
  const manifest: Manifest = {
    version: VERSION,
    step: state.step,
    files: { [STATE]: { bytes: bytes.length, sha256: sha256(bytes) } },
  };
  // Last: a folder with a manifest has all its files.
  await writeSynced(join(folder, MANIFEST), Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`));
  await syncFolder(folder);
}

/** Removes old checkpoints and what crashes left. Only the run's owner calls it, so a temporary folder here is nobody's. */
async function prune(runDir: string): Promise<void> {
  const dir = checkpointsDir(runDir);
  const surplus = (await folders(runDir)).slice(limits.checkpointsKept).map(({ name }) => name);
  const leftovers = (await readdir(dir)).filter((name) => name.endsWith(TEMPORARY));
  for (const name of [...surplus, ...leftovers]) {
    // A checkpoint that could not be removed costs room, no more; it is tried again next time.
    await rm(join(dir, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Step of the newest checkpoint by its name alone, unverified: for display. Undefined before the first. */
export async function newestCheckpointStep(runDir: string): Promise<number | undefined> {
  for (const { name, step } of await folders(runDir)) {
    if (await exists(join(checkpointsDir(runDir), name, MANIFEST))) return step;
  }
  return undefined;
}

/**
 * The newest checkpoint whose files are what its manifest says. Damaged ones that are newer are renamed to `damaged-<step>` (kept for whoever wants
 * to look) and reported in `setAside`; with `readOnly` they are passed over and left alone. `checkpoint` is undefined before the first.
 * `checkpoint.none-sound` when all are damaged, `project.newer` when a later Ganvas wrote the newest: then nothing is touched, because a run that
 * began anew from step 0 would write over what the user might still restore.
 */
export async function loadNewestCheckpoint(
  runDir: string,
  { readOnly = false }: { readonly readOnly?: boolean } = {},
): Promise<{ readonly checkpoint: Checkpoint | undefined; readonly setAside: readonly SetAside[] }> {
  const damaged: (SetAside & Folder)[] = [];
  for (const folder of await folders(runDir)) {
    let checkpoint: Checkpoint;
    try {
      checkpoint = await readCheckpoint(join(checkpointsDir(runDir), folder.name), folder.step);
    } catch (error) {
      if (error instanceof GanvasError && error.code === 'project.newer') throw error;
      damaged.push({ ...folder, problem: error instanceof Error ? error.message : String(error) });
      continue;
    }
    if (!readOnly) for (const { name, step } of damaged) await quarantine(runDir, name, step);
    return { checkpoint, setAside: damaged.map(({ step, problem }) => ({ step, problem })) };
  }
  const [newest] = damaged;
  if (newest) return fail('checkpoint.none-sound', { step: newest.step, problem: newest.problem });
  return { checkpoint: undefined, setAside: [] };
}

async function readCheckpoint(folder: string, step: number): Promise<Checkpoint> {
  const manifest = await readJson(join(folder, MANIFEST), manifestFormat);
  const expected = manifest.files[STATE];
  const { size } = await stat(join(folder, STATE));
  if (size !== expected.bytes) throw new Error(`${STATE} has ${size} bytes instead of ${expected.bytes}`);
  const bytes = await readFile(join(folder, STATE));
  if (sha256(bytes) !== expected.sha256) throw new Error(`${STATE} does not match its checksum`);
  if (manifest.step !== step) throw new Error(`the manifest is of step ${manifest.step}`);
  const { tensors, metadata } = decodeFloats(bytes);
  const vector = (name: string): Float32Array => {
    const tensor = tensors.get(name);
    if (!tensor) throw new Error(`${STATE} has no ${name}`);
    return tensor.data;
  };
  const network = (name: (typeof NETWORKS)[number]): SavedNetwork => ({
    weights: vector(`${name}.weights`),
    firstMoment: vector(`${name}.firstMoment`),
    secondMoment: vector(`${name}.secondMoment`),
    running: vector(`${name}.running`),
  });
  const { optimizers, ...progress } = Progress.parse(JSON.parse(metadata['progress'] ?? ''));
  const present = NETWORKS.filter((name) => name === 'generator' || tensors.has(`${name}.weights`));
  const state = {
    ...byNetwork(present, network),
    ...(tensors.has('ema.weights') && { ema: { weights: vector('ema.weights'), running: vector('ema.running') } }),
    ...(optimizers && { optimizers: optimizers as SavedOptimizers }),
    step,
  };
  return { state, ...progress };
}

async function quarantine(runDir: string, name: string, step: number): Promise<void> {
  const dir = checkpointsDir(runDir);
  const first = join(dir, `damaged-${step}`);
  const target = (await exists(first)) ? `${first}-${randomUUID()}` : first;
  try {
    await rename(join(dir, name), target);
    await syncFolder(dir);
  } catch (error) {
    failDisk(error, target);
  }
}
