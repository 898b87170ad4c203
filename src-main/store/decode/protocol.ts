import type { PictureBatch } from '#shared/contract/types';
import type { DecodeOptions, DecodeOutcome, FileDigest } from './picture';
import type { FileToRead } from './pictureFile';

/** What a decoding worker is asked, one request at a time. */
export type DecodeRequest =
  | { readonly kind: 'digest'; readonly file: FileToRead }
  | {
      readonly kind: 'decodeFile';
      readonly file: FileToRead;
      readonly options: DecodeOptions;
      readonly sha256: Uint8Array | undefined;
    }
  | { readonly kind: 'decode'; readonly bytes: Uint8Array<ArrayBuffer>; readonly options: DecodeOptions }
  | { readonly kind: 'encodeWebp'; readonly picture: PictureBatch };

/** What it answers; `ready` comes once, unasked, when the picture library is loaded, `working` any number of times before an answer, amid an animation. */
export type DecodeReply =
  | { readonly kind: 'ready'; readonly decoder: 'native' | 'wasm' }
  | { readonly kind: 'working' }
  | { readonly kind: 'digest'; readonly digest: FileDigest }
  | { readonly kind: 'decoded'; readonly outcome: DecodeOutcome }
  | { readonly kind: 'encoded'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly problem: string };
