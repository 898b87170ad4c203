import type { PictureBatch, PictureFit, SkipCode } from '#shared/contract/types';
import type { Looks } from '../pictures/looks';
import type { FileToRead } from './pictureFile';

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

/** A refusal is a result, not an error: an import meets many. */
export type DecodeOutcome =
  | ({ readonly ok: true; readonly more?: readonly DecodedPicture[] } & DecodedPicture)
  | { readonly ok: false; readonly code: SkipCode; readonly detail: string };

/** The hash of a file's content (SHA-256), or why it cannot be read. */
export type FileDigest =
  | { readonly ok: true; readonly sha256: Uint8Array }
  | { readonly ok: false; readonly code: SkipCode; readonly detail: string };

/** What became of a file's content, and its hash, where it was read. */
export interface DecodedFile {
  readonly sha256?: Uint8Array | undefined;
  readonly outcome: DecodeOutcome;
}

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
