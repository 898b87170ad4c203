import { rm } from 'node:fs/promises';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { ImportProposal, SkippedFile } from '#shared/contract/types';
import { writeJson } from '../atomic';
import type { DecodedPicture, PictureWorkers } from '../decode/picture';
import { openPictureWorkers } from '../decode/pictureWorkers';
import type { Project } from '../project';
import { classify } from './classes';
import { exclusively } from './exclusive';
import { inOrder } from '../inOrder';
import { PackLabels, removeUnnamedLabels } from './labels';
import {
  clearedDir,
  datasetDir,
  manifestFormat,
  manifestPath,
  packHash,
  readManifest,
  readOrigins,
  summaryOf,
  type Manifest,
  type Origin,
} from './manifest';
import { PackWriter, removeUnnamed } from './packWriter';
import { readPictureFile } from './pictureFile';
import { proposeFor } from './proposal';
import type { ImportOptions, ImportProgress, ImportResult, PictureSource } from './types';
import { findFiles, type FoundFile } from './walk';

/**
 * Adds pictures to a project's pack: finds, reads, decodes and packs them. Pictures that are there already (the same file content) are counted and
 * not decoded again; files that are no usable pictures are listed with their reason. The user's files are only read. Until the last moment nothing
 * of the project changes: `job.cancelled`, `disk.full` and a crash leave the pack as it was.
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
    try {
      return await new Import(project, options, workers).run(sources);
    } finally {
      options.signal?.removeEventListener('abort', abort);
      await workers.close();
    }
  });
}

/** A file on its way through: read, then told apart from those already there, then decoded. */
type Candidate =
  | { readonly kind: 'new'; readonly file: FoundFile; readonly bytes: Uint8Array<ArrayBuffer>; readonly sha256: string }
  | { readonly kind: 'duplicate'; readonly file: FoundFile; readonly sha256: string }
  | { readonly kind: 'refused'; readonly skipped: SkippedFile };

type Handled =
  | {
      readonly kind: 'taken';
      readonly picture: DecodedPicture;
      readonly origin: Origin;
      readonly label: string | undefined;
    }
  | { readonly kind: 'duplicate'; readonly file: FoundFile; readonly sha256: string }
  | { readonly kind: 'refused'; readonly skipped: SkippedFile; readonly sha256?: string };

class Import {
  readonly #project: Pick<Project, 'dir'>;
  readonly #options: ImportOptions;
  readonly #workers: PictureWorkers;
  readonly #skipped: SkippedFile[] = [];
  #skippedCount = 0;
  #duplicates = 0;

  constructor(project: Pick<Project, 'dir'>, options: ImportOptions, workers: PictureWorkers) {
    this.#project = project;
    this.#options = options;
    this.#workers = workers;
  }

  async run(sources: readonly PictureSource[]): Promise<ImportResult> {
    this.#report('finding', 0, undefined);
    const manifest = await readManifest(this.#project);
    const found = await findFiles(sources, this.#options.signal);
    const { files, classes, skipped } = await classify(found.files, manifest?.classes.map(({ name }) => name) ?? []);
    for (const file of [...found.skipped, ...skipped]) this.#skip(file);
    const proposal = await this.#settle(manifest, files);
    const dir = datasetDir(this.#project);
    const origins = manifest ? await readOrigins(dir, manifest) : [];
    const labels = await PackLabels.open(dir, manifest, origins, classes);
    const shards = manifest?.shards ?? [];
    const writer = await PackWriter.open(dir, shards, proposal.size ** 2 * proposal.channels);
    let updated: Manifest;
    try {
      const added = await this.#pack(files, proposal, origins, writer, labels);
      if (origins.length + added.length === 0) return fail('dataset.no-pictures', { files: files.length });
      this.#report('saving', files.length, files.length);
      const content = { shards: [...(await writer.finish())], ...(await labels.finish(dir)) };
      const hash = packHash(proposal.size, proposal.channels, [...origins, ...added], labels.classOf);
      updated = { version: 2, ...proposal, hash, ...content, lastImport: this.#lastImport(added.length) };
      this.#checkCancelled();
    } catch (error) {
      await writer.discard(shards);
      await removeUnnamedLabels(dir, manifest).catch(() => undefined);
      throw error;
    }
    await this.#commit(dir, updated);
    return { summary: summaryOf(updated), proposal };
  }

  /** Size and channels: those of the pack, else the ones asked for, else a proposal. */
  async #settle(manifest: Manifest | undefined, files: readonly FoundFile[]): Promise<ImportProposal> {
    const { size, channels } = this.#options;
    if (manifest) {
      const wanted = { size: size ?? manifest.size, channels: channels ?? manifest.channels };
      if (wanted.size === manifest.size && wanted.channels === manifest.channels) return wanted;
      return fail('dataset.size-fixed', { present: describe(manifest), wanted: describe(wanted) });
    }
    if (size !== undefined && channels !== undefined) return { size, channels };
    const proposed = await proposeFor(files, this.#workers, (done, total) => {
      this.#checkCancelled();
      this.#report('looking', done, total);
    });
    return { size: size ?? proposed.size, channels: channels ?? proposed.channels };
  }

  /** Decodes the new files into the writer, in the files' order; the origins of those that were taken. */
  async #pack(
    files: readonly FoundFile[],
    proposal: ImportProposal,
    present: readonly Origin[],
    writer: PackWriter,
    labels: PackLabels,
  ): Promise<Origin[]> {
    const { parallel } = this.#workers;
    const read = inOrder(files, parallel, (file) => this.#read(file));
    const handled = inOrder(markDuplicates(read, present), parallel, (file) => this.#decode(file, proposal));
    const added: Origin[] = [];
    const refusals = new Map<string, SkippedFile>();
    let done = 0;
    for await (const file of handled) {
      this.#checkCancelled();
      if (file.kind === 'taken') {
        await writer.add(file.picture.pixels, file.origin);
        labels.add(file.origin.sha256, file.label);
        added.push(file.origin);
        const count = present.length + added.length;
        if (count > limits.datasetPictures) return fail('dataset.too-large', { limit: limits.datasetPictures });
      } else if (file.kind === 'refused') {
        if (file.sha256 !== undefined) refusals.set(file.sha256, file.skipped);
        this.#skip(file.skipped);
      } else {
        // The same bytes as a file before it, which may itself have been refused.
        const refusal = refusals.get(file.sha256);
        if (refusal) this.#skip({ ...refusal, file: file.file.name });
        else this.#duplicates += 1;
        labels.again(file.sha256, file.file.label);
      }
      this.#report('decoding', ++done, files.length);
    }
    return added;
  }

  async #read(file: FoundFile): Promise<Candidate> {
    const { name } = file;
    const read = await readPictureFile(file);
    if (!read.ok) return { kind: 'refused', skipped: { file: name, code: read.code, detail: read.detail } };
    return { kind: 'new', file, bytes: read.bytes, sha256: read.sha256 };
  }

  async #decode(candidate: Candidate, proposal: ImportProposal): Promise<Handled> {
    if (candidate.kind !== 'new') return candidate;
    const { file, bytes, sha256 } = candidate;
    const outcome = await this.#workers.decode(bytes, proposal);
    const origin = { sha256, name: file.name };
    if (outcome.ok) return { kind: 'taken', picture: outcome, origin, label: file.label };
    return { kind: 'refused', skipped: { file: file.name, code: outcome.code, detail: outcome.detail }, sha256 };
  }

  #lastImport(added: number): Manifest['lastImport'] {
    return {
      at: new Date().toISOString(),
      added,
      duplicates: this.#duplicates,
      skippedCount: this.#skippedCount,
      skipped: this.#skipped,
    };
  }

  /** The moment at which the new pack is the pack. */
  async #commit(dir: string, manifest: Manifest): Promise<void> {
    await writeJson(manifestPath(dir), manifest, manifestFormat);
    await removeUnnamed(dir, manifest.shards);
    await removeUnnamedLabels(dir, manifest);
    await rm(clearedDir(this.#project), { recursive: true, force: true });
  }

  #skip(file: SkippedFile): void {
    this.#skippedCount += 1;
    if (this.#skipped.length < limits.skippedListed) this.#skipped.push(file);
    this.#options.onSkipped?.(file);
  }

  #report(phase: ImportProgress['phase'], done: number, total: number | undefined): void {
    this.#options.onProgress?.({ phase, done, total });
  }

  #checkCancelled(): void {
    if (this.#options.signal?.aborted) fail('job.cancelled');
  }
}

/** Turns files whose content the pack has, or an earlier file of this import had, into duplicates: in order, so which one stays never depends on timing. */
async function* markDuplicates(
  candidates: AsyncIterable<Candidate>,
  present: readonly Origin[],
): AsyncGenerator<Candidate> {
  const known = new Set(present.map(({ sha256 }) => sha256));
  for await (const candidate of candidates) {
    if (candidate.kind !== 'new') {
      yield candidate;
    } else if (known.has(candidate.sha256)) {
      yield { kind: 'duplicate', file: candidate.file, sha256: candidate.sha256 };
    } else {
      known.add(candidate.sha256);
      yield candidate;
    }
  }
}

const describe = ({ size, channels }: ImportProposal) =>
  `${size}×${size} pixels in ${channels === 1 ? 'grey' : 'colour'}`;
