import type { MissingCode } from '#shared/contract/missingCodes';
import type { ImportProposal, PictureFit } from '#shared/contract/types';
import type { PictureWorkers } from '../decode/picture';
import { notedIn } from './noted';
import type { PackedPicture } from './packWriter';
import { digestAt, nameAt, recordAt, type RecordColumns } from './records';
import type { SourceFiles } from './sourceFiles';

/** A picture that could not be made anew, because its file cannot be read. */
export interface NotRemade {
  readonly id: string;
  readonly name: string;
  readonly problem: MissingCode;
}

interface Remade extends PackedPicture {
  /** Its place in its shard. */
  readonly picture: number;
}

/** Makes single pictures of a pack anew from their own files, which must still be what was imported. */
export class Remaker {
  readonly missing: NotRemade[] = [];
  readonly #files: SourceFiles;
  readonly #workers: PictureWorkers;
  readonly #format: ImportProposal;

  constructor(files: SourceFiles, workers: PictureWorkers, format: ImportProposal) {
    this.#files = files;
    this.#workers = workers;
    this.#format = format;
  }

  /** Calls of {@link make} that are worked on at once. */
  get parallel(): number {
    return this.#workers.parallel;
  }

  /** A picture made anew; undefined, and on the list of those that are missing, when its file cannot be used. */
  async make(records: RecordColumns, picture: number, fit: PictureFit): Promise<Remade | undefined> {
    const before = recordAt(records, picture);
    const file = await this.#files.read(records, picture);
    if (!file.ok) return this.#miss(records, picture, file.problem);
    const frame = Math.max(0, before.frame);
    const outcome = await this.#workers.decode(file.bytes, { ...this.#format, ...fit, frame });
    if (!outcome.ok) return this.#miss(records, picture, 'refused');
    const { pixels, mean, deviation, looks } = outcome;
    const flags = notedIn(outcome, before.name, this.#format, before.frame >= 0);
    return { picture, pixels, record: { ...before, mean, deviation, looks, flags } };
  }

  /** Puts a picture on that list when its file cannot be read, without making it. */
  async check(records: RecordColumns, picture: number): Promise<void> {
    const file = await this.#files.read(records, picture);
    if (!file.ok) this.#miss(records, picture, file.problem);
  }

  #miss(records: RecordColumns, picture: number, problem: MissingCode): undefined {
    this.missing.push({ id: digestAt(records, picture), name: nameAt(records, picture), problem });
    return undefined;
  }
}
