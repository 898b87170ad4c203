import type { DuplicateCode, DuplicateFile } from '#shared/contract/types';
import type { ImportLog } from './importLog';
import type { KnownPictures } from './known';
import type { PackLabels } from './labels';
import type { FoundFile } from './walk';

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
  /** The file that each picture of this import came from, by its place after those that the pack had. */
  readonly #origins: (FoundFile | undefined)[] = [];

  constructor(pictures: Pictures, log: ImportLog) {
    this.#pictures = pictures;
    this.#log = log;
  }

  /** A file was taken: `picture` is the first that came from it. */
  taken(picture: number, file: FoundFile): void {
    this.#origins[picture - this.#pictures.before] = file;
  }

  /** A file whose picture is there; `sha256` where it had to be read. The first one of each that a killed import had added is what it was added from. */
  async meet(picture: number, file: FoundFile, sha256: Uint8Array | undefined): Promise<void> {
    const { known, labels, before, resumed } = this.#pictures;
    const added = picture >= before && picture < before + resumed && !this.#origins[picture - before];
    if (added) this.taken(picture, file);
    else await this.#log.duplicate(this.#duplicateOf(picture, file, sha256));
    for (const frame of known.framesOf(picture)) labels.again(frame, file.label);
  }

  #duplicateOf(picture: number, file: FoundFile, sha256: Uint8Array | undefined): DuplicateFile {
    const { known, labels, before } = this.#pictures;
    const present = known.originOf(picture);
    const id = sha256 ? Buffer.from(sha256).toString('hex') : (present?.id ?? '');
    const name = present?.name ?? this.#origins[picture - before]?.name ?? '';
    const [kept, found] = [labels.classOf(picture), file.label];
    const conflicting = kept !== undefined && found !== undefined && kept !== found;
    return {
      file: file.name,
      code: picture >= before ? 'twice' : this.#codeOf(picture, name === file.name),
      picture: { id, name },
      ...(conflicting && { conflict: { code: 'class-conflict', kept, found } }),
    };
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
