import type { PictureBatch, SkipCode } from '#shared/contract/types';

/** What a decoded picture shall be. */
export interface DecodeOptions {
  /** Side of the square that comes out, pixels. */
  readonly size: number;
  readonly channels: 1 | 3;
}

export interface DecodedPicture {
  /** `[size, size, channels]`, 0 … 255, sRGB. */
  readonly pixels: Uint8Array;
  /** The picture's own size as it is meant to be seen (EXIF orientation applied), pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether it has no colour. */
  readonly grey: boolean;
}

/** A refusal is a result, not an error: an import meets many. */
export type DecodeOutcome =
  ({ readonly ok: true } & DecodedPicture) | { readonly ok: false; readonly code: SkipCode; readonly detail: string };

export const refuse = (code: SkipCode, detail: string): DecodeOutcome => ({ ok: false, code, detail });

/** What the picture libraries do for the store, in worker threads or in this one. Whoever opened it closes it. */
export interface PictureWorkers {
  /** Calls that are worked on at once; more of them queue. */
  readonly parallel: number;
  /** Takes `bytes` over: their buffer may be transferred and is empty afterwards. */
  decode(bytes: Uint8Array<ArrayBuffer>, options: DecodeOptions): Promise<DecodeOutcome>;
  /** One still WebP of a batch's first picture, lossless. */
  encodeWebp(picture: PictureBatch): Promise<Uint8Array>;
  close(): Promise<void>;
}
