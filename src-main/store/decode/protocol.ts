import type { PictureBatch } from '#shared/contract/types';
import type { DecodedFile, DecodeOptions, FileDigest } from './picture';
import type { FileToRead } from './pictureFile';

/** What a decoding worker is asked, one request at a time. */
export type DecodeRequest =
  | { readonly kind: 'digest'; readonly file: FileToRead }
  | { readonly kind: 'decodeFile'; readonly file: FileToRead; readonly options: DecodeOptions }
  | { readonly kind: 'decode'; readonly bytes: Uint8Array<ArrayBuffer>; readonly options: DecodeOptions }
  | { readonly kind: 'encodeWebp'; readonly picture: PictureBatch };

/** What it answers; `ready` comes once, unasked, `working` any number of times before an answer, amid an animation. */
export type DecodeReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'working' }
  | { readonly kind: 'digest'; readonly digest: FileDigest }
  | { readonly kind: 'decoded'; readonly file: DecodedFile }
  | { readonly kind: 'encoded'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly problem: string };
