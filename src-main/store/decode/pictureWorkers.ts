import { decodeFile, digestFile } from './decodeFile';
import { decodePicture } from './decodePicture';
import type { DecoderKind } from './decoder';
import type { PictureWorkers } from './picture';
import { openPool } from './pool';
import { processDecoders } from './processDecoder';

/** Decoders run built code; from source there is none beside this file, and the calling thread decodes. */
const BUILT = !import.meta.url.endsWith('.ts');

/** What decodes and encodes pictures here; whoever opens it closes it. */
export function openPictureWorkers(kind: DecoderKind = processDecoders): PictureWorkers {
  return BUILT ? openPool({ file: new URL('./decode.js', import.meta.url), kind }) : inThread();
}

/** The same in the calling thread, without a time-out's replacement: for code that runs from source. */
export function inThread(): PictureWorkers {
  return {
    // One at a time: libvips has one list of what went wrong, from which each takes all.
    parallel: 1,
    digest: (file) => digestFile(file),
    decodeFile,
    decode: decodePicture,
    encodeWebp: async (picture) => (await import('./libraryPicture')).encodeWebpPicture(picture),
    close: () => Promise.resolve(),
  };
}
