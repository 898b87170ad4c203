import { picturesFit, type PictureFormat } from '#shared/recipe/pictureFit';
import type { Pack } from '../store/dataset/types';

/** The training pictures of a run, in the format of its recipe: what is needed here of the store's pack. */
export interface PictureSource extends Pick<Pack, 'count' | 'readInto'> {
  /** How often each is shown, compared with the others; without: all alike. */
  readonly weights?: Float64Array | undefined;
  /** Each picture's class as the recipe numbers it, where its networks look at classes. */
  readonly labels?: Int32Array;
}

/** Luma of ITU-R BT.601, for gamma-encoded red, green and blue. */
const LUMA = [0.299, 0.587, 0.114] as const;

/** A pack as pictures of another format: see {@link picturesFit}, which must hold. Reads are synchronous; one scratch buffer is kept. */
export function viewPictures(pack: PictureSource & PictureFormat, wanted: PictureFormat): PictureSource {
  const { size, channels } = pack;
  if (size === wanted.size && channels === wanted.channels) return pack;
  if (!picturesFit(pack, wanted)) throw new RangeError(`${size}×${size}×${channels} cannot be shown as ${wanted.size}`);
  const factor = size / wanted.size;
  const weights = wanted.channels < channels ? LUMA : undefined;
  const share = 1 / (factor * factor);
  let packed = new Float32Array(0);
  return {
    count: pack.count,
    weights: pack.weights,
    readInto: (target, indices) => {
      const needed = indices.length * size * size * channels;
      if (packed.length !== needed) packed = new Float32Array(needed);
      pack.readInto(packed, indices);
      target.fill(0);
      let source = 0;
      // Every packed row falls into one row of the target: pictures lie one below the other, and the factor divides their side.
      for (let row = 0; row < indices.length * size; row++) {
        const line = Math.floor(row / factor) * wanted.size;
        for (let column = 0; column < size; column++) {
          const place = (line + Math.floor(column / factor)) * wanted.channels;
          for (let channel = 0; channel < channels; channel++, source++) {
            const value = (packed[source] as number) * share;
            if (weights) target[place] = (target[place] as number) + value * (weights[channel] as number);
            else target[place + channel] = (target[place + channel] as number) + value;
          }
        }
      }
    },
  };
}
