import type { DuplicateCode, DuplicateFile } from '#shared/contract/types';
import type { FoundFile, FoundFiles } from './fileList';
import type { ImportLog } from './importLog';
import type { KnownPictures } from './known';
import type { PackLabels } from './labels';

/** Every so many frames of animations that a pack was made with, and that are asked for now; undefined where nothing is. */
export interface FrameSteps {
  readonly present: number | undefined;
  readonly asked: number | undefined;
}

interface Pictures {
  readonly known: KnownPictures;
  readonly labels: PackLabels;
  /** Pictures that the pack had, and that a killed import had added: both are in `known`. */
  readonly before: number;
  readonly resumed: number;
  readonly every: FrameSteps;
}

/** Tells what becomes of files whose picture is there already. */
export class MetAgain {
  readonly #pictures: Pictures;
  readonly #log: ImportLog;
  readonly #files: FoundFiles;
  /** Where among the files lies the one that each picture of this import came from, by its place after those that the pack had. */
  readonly #origins: number[] = [];

  constructor(files: FoundFiles, pictures: Pictures, log: ImportLog) {
    this.#files = files;
    this.#pictures = pictures;
    this.#log = log;
  }

  /** The file at a place was taken: `picture` is the first that came from it. */
  taken(picture: number, place: number): void {
    this.#origins[picture - this.#pictures.before] = place;
  }

  /** The file at a place, whose picture is there; `sha256` where it had to be read. The first one of each that a killed import had added is what it was added from. */
  async meet(picture: number, file: FoundFile, place: number, sha256: Uint8Array | undefined): Promise<void> {
    const { known, labels, before, resumed } = this.#pictures;
    const added = picture >= before && picture < before + resumed && this.#originOf(picture) === undefined;
    if (added) this.taken(picture, place);
    else await this.#log.duplicate(this.#duplicateOf(picture, file, sha256));
    for (const frame of known.framesOf(picture)) labels.again(frame, file.label);
  }

  #duplicateOf(picture: number, file: FoundFile, sha256: Uint8Array | undefined): DuplicateFile {
    const { known, labels, before } = this.#pictures;
    const present = known.originOf(picture);
    const id = sha256 ? Buffer.from(sha256).toString('hex') : (present?.id ?? '');
    const name = present?.name ?? this.#files.at(this.#originOf(picture) ?? -1)?.name ?? '';
    const [kept, found] = [labels.classOf(picture), file.label];
    const conflicting = kept !== undefined && found !== undefined && kept !== found;
    return {
      file: file.name,
      code: picture >= before ? 'twice' : this.#codeOf(picture, name === file.name),
      picture: { id, name },
      ...(conflicting && { conflict: { code: 'class-conflict', kept, found } }),
    };
  }

  #originOf(picture: number): number | undefined {
    return this.#origins[picture - this.#pictures.before];
  }

  #codeOf(picture: number, sameFile: boolean): DuplicateCode {
    if (this.#otherFrames(picture)) return 'other-frames';
    return sameFile ? 'again' : 'known';
  }

  /** Whether an animation that is there was taken with other frames than are asked for now. */
  #otherFrames(picture: number): boolean {
    const { known, every } = this.#pictures;
    const step = known.stepOf(picture);
    if (step === undefined || every.asked === undefined || every.asked === step) return false;
    // The first frame alone is also all there is of a short one.
    return step > 0 || every.asked !== every.present;
  }
}
