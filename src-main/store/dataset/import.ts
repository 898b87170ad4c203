import { rm } from 'node:fs/promises';
import { fail, GanvasError, toErrorData } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { writeJson } from '../atomic';
import type { DecodedFile, PictureWorkers, Refusal } from '../decode/picture';
import { openPictureWorkers } from '../decode/pictureWorkers';
import { inOrder } from '../inOrder';
import type { Project } from '../project';
import { adoptSources, inShort, removeOrphans, type Adopted } from './adopt';
import { classify } from './classes';
import { exclusively } from './exclusive';
import type { FoundFile, FoundFiles } from './fileList';
import { frameDigest } from './frameDigest';
import { HashFirst } from './hashFirst';
import { ImportLog } from './importLog';
import { KnownPictures } from './known';
import { PackLabels, removeUnnamedLabels } from './labels';
import { clearedDir, datasetDir, manifestFormat, manifestPath, pictureCount, readManifest, summaryOf, type Manifest } from './manifest'; // prettier-ignore
import { MetAgain, type FrameSteps } from './metAgain';
import { notedIn } from './noted';
import { PackWriter, type PackedPicture } from './packWriter';
import { identityOf, planOf, withinPack, type Plan } from './plan';
import { proposeFor } from './proposal';
import { contentOf, mendedIn, mendedOf } from './content';
import type { ImportOptions, ImportProgress, ImportResult, PictureSource } from './types';
import { videoPath } from './reportedVideo';
import { removeUnnamed, removeUnpacked } from './unfinished';
import { findFiles } from './walk';

/**
 * Adds pictures to a project's pack: finds, reads, decodes and packs them. Files that were imported before are known by their time of change and not read
 * again; pictures that are there already (the same file content) are counted; files that are no usable pictures are listed with their
 * reason. The user's files are only read. Until the last moment nothing of the pack changes: `job.cancelled`, `disk.full` and a crash leave it as it was, and
 * the same import goes on where a crash, a full disk or the program's end cut it off.
 *
 * Memory: some 300 bytes for each file that is found and for its picture, 0.3 GB for a million; nothing of them is kept as an object.
 *
 * Also fails with `dataset.source-missing`, `dataset.too-many-files`, `dataset.size-fixed`, `dataset.no-pictures`, `dataset.too-large`.
 */
export function importPictures(
  project: Pick<Project, 'dir'>,
  sources: readonly PictureSource[],
  options: ImportOptions = {},
  openWorkers: () => PictureWorkers = openPictureWorkers,
): Promise<ImportResult> {
  return exclusively(project.dir, async () => {
    const workers = openWorkers();
    // Decoding in flight may take its whole time-out; a cancelled import does not wait for it.
    const abort = (): void => void workers.close();
    options.signal?.addEventListener('abort', abort);
    const log = new ImportLog(project, sources, options.onReport);
    try {
      return await new Import(project, options, workers, log).run(sources);
    } catch (error) {
      await log.fail(options.signal?.aborted ? new GanvasError('job.cancelled') : error);
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', abort);
      await workers.close();
    }
  });
}

const NONE_LEFT_OUT = { count: 0, files: [] };

/** What was found out about a file: whose picture is there, by its stamp or by its content; or that it is none; or its pictures, which by now may be there as well. */
type Handled =
  | { readonly kind: 'known'; readonly picture: number; readonly sha256?: Uint8Array }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'decoded'; readonly pictures: readonly PackedPicture[]; readonly sha256: Uint8Array };

/** Most bytes of pictures that are held while an earlier file is still decoded: an animation's frames may be a hundred megabytes. */
const HELD_BYTES = 512e6;

/** All that the files are packed with. */
interface Packing {
  readonly plan: Plan;
  readonly writer: PackWriter;
  readonly labels: PackLabels;
  readonly known: KnownPictures;
  /** Pictures that the pack had, and that a killed import had added: both are in `known`. */
  readonly before: number;
  readonly resumed: number;
  readonly every: FrameSteps;
  /** Those that hold adopted files. */
  readonly ownFolders: readonly string[];
}

class Import {
  readonly #project: Pick<Project, 'dir'>;
  readonly #dir: string;
  readonly #options: ImportOptions;
  readonly #workers: PictureWorkers;
  readonly #log: ImportLog;

  constructor(project: Pick<Project, 'dir'>, options: ImportOptions, workers: PictureWorkers, log: ImportLog) {
    this.#project = project;
    this.#dir = datasetDir(project);
    this.#options = options;
    this.#workers = workers;
    this.#log = log;
  }

  async run(given: readonly PictureSource[]): Promise<ImportResult> {
    this.#report('finding', 0, undefined);
    const manifest = await readManifest(this.#project);
    await removeOrphans(this.#project);
    try {
      const updated = await this.#import(manifest, await adoptSources(this.#dir, given));
      return { summary: summaryOf(updated), proposal: { size: updated.size, channels: updated.channels } };
    } finally {
      await removeOrphans(this.#project);
      await removeUnpacked(this.#dir);
    }
  }

  async #import(manifest: Manifest | undefined, adopted: Adopted): Promise<Manifest> {
    const found = await findFiles(adopted.sources, this.#dir, this.#options.signal);
    const sources = withinPack(this.#dir, found.sources);
    const { files, classes, skipped } = await classify(found.files, manifest?.classes.map(({ name }) => name) ?? []);
    const { leftOut = NONE_LEFT_OUT } = this.#options;
    for (const file of [...leftOut.files, ...found.skipped, ...skipped]) await this.#log.skip(file);
    this.#log.skipUnnamed(leftOut.count - leftOut.files.length);
    const plan = await planOf(manifest, this.#options, sources, () => this.#propose(files));
    const labels = await PackLabels.open(this.#dir, manifest, classes);
    const shards = manifest?.shards ?? [];
    const beginning = { identity: identityOf(plan, manifest, found, adopted.folders), of: inShort(adopted) };
    const writer = await PackWriter.open(this.#dir, shards, plan, beginning);
    let updated: Manifest;
    try {
      const prepared = await this.#prepare(plan, writer, labels, manifest);
      const packing = { ...prepared, ownFolders: adopted.folders };
      await this.#pack(files, packing);
      if (packing.known.count === 0) {
        const { examples, skippedCount } = this.#log;
        return fail('dataset.no-pictures', { files: skippedCount, videos: this.#log.count('video'), examples });
      }
      this.#report('saving', files.length, files.length);
      updated = await this.#manifestOf(packing, manifest?.fits ?? []);
      await this.#log.seal();
      this.#checkCancelled();
    } catch (error) {
      if (canGoOn(error, this.#options.signal)) await writer.leave();
      else await writer.discard(shards);
      await removeUnnamedLabels(this.#dir, manifest).catch(() => undefined);
      throw error;
    }
    await this.#commit(updated);
    await this.#log.keep();
    return updated;
  }

  #propose(files: FoundFiles): ReturnType<typeof proposeFor> {
    return proposeFor(files, this.#workers, (done, total) => {
      this.#checkCancelled();
      this.#report('looking', done, total);
    });
  }

  /** Looks at what the pack holds and what a killed import had added to it. */
  async #prepare(
    plan: Plan,
    writer: PackWriter,
    labels: PackLabels,
    manifest: Manifest | undefined,
  ): Promise<Omit<Packing, 'ownFolders'>> {
    const known = new KnownPictures();
    const before = manifest ? pictureCount(manifest) : 0;
    for await (const records of writer.present()) {
      const resumedFrom = Math.max(0, before - known.count);
      await this.#log.add(Math.max(0, records.count - resumedFrom), mendedIn(records, resumedFrom));
      known.addShard(records, plan.sources);
    }
    const resumed = known.count - before;
    for (let picture = 0; picture < resumed; picture++) labels.add(undefined);
    const every = { present: manifest?.everyFrame, asked: this.#options.everyFrame };
    return { plan, writer, labels, known, before, resumed, every };
  }

  /** Decodes the new files into the writer, in the files' order. */
  async #pack(files: FoundFiles, packing: Packing): Promise<void> {
    const { known } = packing;
    const again = new MetAgain(files, packing, this.#log);
    const hashFirst = new HashFirst();
    const parallel = Math.min(this.#workers.parallel, Math.max(2, Math.floor(HELD_BYTES / mostBytesOf(packing.plan))));
    // In the files' order, so that which of two with the same content stays never depends on timing.
    const handled = inOrder(files, parallel, async (file) => {
      return { file, found: await this.#handle(file, packing, hashFirst) };
    });
    // Also the file's place: they come in their order, each once.
    let done = 0;
    for await (const { file, found } of handled) {
      this.#checkCancelled();
      if (found.kind === 'refused') {
        const { code, detail } = found.refusal;
        await this.#log.skip({ file: file.name, code, detail }, videoPath(code, file, packing.ownFolders));
      } else if (found.kind === 'known') {
        await again.meet(found.picture, file, done, found.sha256);
      } else {
        const present = known.byContent(found.sha256);
        hashFirst.decoded(present !== undefined);
        if (present !== undefined) {
          await again.meet(present, file, done, found.sha256);
        } else {
          again.taken(known.count, done);
          await this.#take(found.pictures, file, packing);
        }
      }
      this.#report('decoding', ++done, files.length);
    }
  }

  /** The pictures of one file, the first one and further frames of it. */
  async #take(pictures: readonly PackedPicture[], file: FoundFile, { writer, labels, known }: Packing): Promise<void> {
    await writer.add(pictures);
    for (const { record } of pictures) {
      known.add(record);
      labels.add(file.label);
    }
    const flags = mendedOf(pictures[0]?.record.flags ?? 0);
    await this.#log.add(pictures.length, flags.length > 0 ? [{ file: file.name, flags }] : []);
    if (known.count > limits.datasetPictures) fail('dataset.too-large', { limit: limits.datasetPictures });
  }

  async #handle(file: FoundFile, { plan, known }: Packing, hashFirst: HashFirst): Promise<Handled> {
    const { name, bytes: size, modifiedMs } = file;
    const source = plan.sources[plan.sourceOf[file.source] ?? -1];
    const unchanged = known.byStamp({ source, name, bytes: size, modifiedMs });
    if (unchanged !== undefined) return { kind: 'known', picture: unchanged };
    if (hashFirst.isWanted || known.mayHave(size)) {
      const digest = await this.#workers.digest(file);
      if (!digest.ok) return { kind: 'refused', refusal: digest };
      const { sha256 } = digest;
      const picture = known.byContent(sha256);
      if (picture !== undefined) return { kind: 'known', picture, sha256 };
      const refusal = hashFirst.refusalOf(sha256);
      if (refusal) return { kind: 'refused', refusal };
    }
    const { channels, fit, everyFrame } = plan;
    const decoded = await this.#workers.decodeFile(file, { size: plan.size, channels, ...fit, every: everyFrame });
    if (!decoded.ok) {
      hashFirst.refused(decoded);
      return { kind: 'refused', refusal: decoded };
    }
    return { kind: 'decoded', pictures: packedOf(file, plan, decoded), sha256: decoded.sha256 };
  }

  async #manifestOf(
    { plan, writer, labels, known, before, every }: Packing,
    fits: Manifest['fits'],
  ): Promise<Manifest> {
    const shards = await writer.finish();
    const classes = await labels.finish(this.#dir);
    const { mended, ...content } = await contentOf(this.#dir, plan, fits, shards, before, labels.classOf);
    const { size, channels, fit } = plan;
    // Animations that were there keep their frames: it is that of those which were taken last.
    const kept = known.animatedFrom(0) && !known.animatedFrom(before);
    const everyFrame = kept ? (every.present ?? plan.everyFrame) : plan.everyFrame;
    const lastImport = {
      at: new Date().toISOString(),
      added: pictureCount({ shards: [...shards] }) - before,
      duplicates: this.#log.duplicates,
      skippedCount: this.#log.skippedCount,
      skipped: [...this.#log.skipped],
      mended,
    };
    const made = { size, channels, fit, fits, everyFrame };
    return { version: 3, ...made, ...content, shards: [...shards], ...classes, lastImport };
  }

  /** The moment at which the new pack is the pack. What is no longer needed costs room alone: the next import tries again to remove it. */
  async #commit(manifest: Manifest): Promise<void> {
    await writeJson(manifestPath(this.#dir), manifest, manifestFormat);
    await Promise.allSettled([
      removeUnnamed(this.#dir, manifest.shards),
      removeUnnamedLabels(this.#dir, manifest),
      rm(clearedDir(this.#project), { recursive: true, force: true }),
    ]);
  }

  #report(phase: ImportProgress['phase'], done: number, total: number | undefined): void {
    this.#options.onProgress?.({ phase, done, total });
  }

  #checkCancelled(): void {
    if (this.#options.signal?.aborted) fail('job.cancelled');
  }
}

/** A file's picture, and further frames of it, as they are packed. */
function packedOf(
  { name, source, modifiedMs }: FoundFile,
  plan: Plan,
  decoded: Extract<DecodedFile, { ok: true }>,
): readonly PackedPicture[] {
  const { sha256, bytes, more } = decoded;
  return [decoded, ...(more ?? [])].map((picture) => {
    const { pixels, width, height, mean, deviation, looks, frame } = picture;
    const record = {
      sha256: frame > 0 ? frameDigest(sha256, frame) : sha256,
      name: frame > 0 ? `${name}#${String(frame).padStart(6, '0')}` : name,
      source: plan.sourceOf[source] ?? -1,
      frame: more ? frame : -1,
      bytes,
      modifiedMs,
      flags: notedIn(picture, name, plan, more !== undefined),
      ...{ width, height, mean, deviation, looks },
    };
    return { pixels, record };
  });
}

/** Bytes of the pictures that one file may give. */
const mostBytesOf = ({ size, channels, everyFrame }: Plan): number =>
  size * size * channels * (everyFrame > 0 ? limits.framesPerFile : 1);

/** Whether the same import may go on with what it wrote: not when its user gave it up, nor when that would end in the same way. */
function canGoOn(error: unknown, signal: AbortSignal | undefined): boolean {
  if (signal?.aborted) return toErrorData(signal.reason).code === 'program.closing';
  return !toErrorData(error).code.startsWith('dataset.');
}
