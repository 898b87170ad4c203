import type { PictureBatch, PictureFit, SkipCode } from '#shared/contract/types';
import type { Member } from '../archives/member';
import type { Looks } from '../pictures/looks';

/** What a decoded picture shall be; the middle of it, on white, where nothing else is said. */
export interface DecodeOptions extends Partial<PictureFit> {
  /** Side of the square that comes out, pixels. */
  readonly size: number;
  readonly channels: 1 | 3;
  /** Which frame of an animation, counted from 0. */
  readonly frame?: number | undefined;
  /** Takes every so many frames of an animation beside the first, up to `limits.framesPerFile`. */
  readonly every?: number | undefined;
}

export interface DecodedPicture extends Looks {
  /** `[size, size, channels]`, 0 … 255, sRGB. */
  readonly pixels: Uint8Array;
  /** The picture's own size as it is meant to be seen (EXIF orientation applied), pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether it has no colour. */
  readonly grey: boolean;
  /** What its bytes say it is: `PNG`. */
  readonly format: string;
  /** {@link pictureFlags} of what the decoder had to mend, as bits. */
  readonly flags: number;
  /** Which frame of an animation it is; 0 for a still picture. */
  readonly frame: number;
}

/** A file that may be a picture. */
export interface FileToRead {
  readonly path: string;
  /** Its size. */
  readonly bytes: number;
  /** Where in the file it lies, when `path` is an archive. */
  readonly member?: Member | undefined;
}

/** Why a file is no picture that can be used: a result, not an error, as an import meets many. */
export interface Refusal {
  readonly code: SkipCode;
  readonly detail: string;
}

export type DecodeOutcome =
  | ({ readonly ok: true; readonly more?: readonly DecodedPicture[] } & DecodedPicture)
  | ({ readonly ok: false } & Refusal);

/** The hash of a file's content (SHA-256), or why it cannot be read. */
export type FileDigest = { readonly ok: true; readonly sha256: Uint8Array } | ({ readonly ok: false } & Refusal);

/** What became of a file, with the hash and the length of what was read of it; a refused one has no hash where it was not read, or cost its decoder. */
export type DecodedFile =
  | (Extract<DecodeOutcome, { ok: true }> & { readonly sha256: Uint8Array; readonly bytes: number })
  | ({ readonly ok: false; readonly sha256?: Uint8Array } & Refusal);

/** What is told of a picture in work: that the picture library is loaded for it, which takes no time of its own; and each step, from which on it has its time anew. */
export type TellProgress = (what: 'loading' | 'working') => void;

export const refuse = (code: SkipCode, detail: string): DecodeOutcome => ({ ok: false, code, detail });

/** What the picture libraries do for the store, in worker threads or in this one. Whoever opened it closes it. */
export interface PictureWorkers {
  /** Calls that are worked on at once; more of them queue. */
  readonly parallel: number;
  digest(file: FileToRead): Promise<FileDigest>;
  decodeFile(file: FileToRead, options: DecodeOptions): Promise<DecodedFile>;
  /** Takes `bytes` over: their buffer may be transferred and is empty afterwards. */
  decode(bytes: Uint8Array<ArrayBuffer>, options: DecodeOptions): Promise<DecodeOutcome>;
  /** One still WebP of a batch's first picture, lossless. */
  encodeWebp(picture: PictureBatch): Promise<Uint8Array>;
  close(): Promise<void>;
}
