import type { PictureBatch } from '#shared/contract/types';
import type { DecodedFile, DecodeOptions, DecodeOutcome, FileDigest, FileToRead } from './picture';

/** What a decoding worker is asked, one request at a time. */
export type DecodeRequest =
  | { readonly kind: 'digest'; readonly file: FileToRead }
  | { readonly kind: 'decodeFile'; readonly file: FileToRead; readonly options: DecodeOptions }
  | { readonly kind: 'decode'; readonly bytes: Uint8Array<ArrayBuffer>; readonly options: DecodeOptions }
  | { readonly kind: 'encodeWebp'; readonly picture: PictureBatch };

/**
 * What it answers; `ready` comes once, unasked. Before an answer `working` may come any number of times, amid a large file or an animation; `loading` once, when the
 * picture library is loaded, and then `working`.
 */
export type DecodeReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'loading' | 'working' }
  | { readonly kind: 'digest'; readonly digest: FileDigest }
  | { readonly kind: 'decodedFile'; readonly file: DecodedFile }
  | { readonly kind: 'decoded'; readonly outcome: DecodeOutcome }
  | { readonly kind: 'encoded'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly problem: string };
