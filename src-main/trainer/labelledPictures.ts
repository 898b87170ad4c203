import type { Pack } from '../store/dataset/types';
import type { PictureSource } from './pictureView';

/**
 * The pictures of a run whose networks look at classes: those that have one of the recipe's, with its number there. Pictures without a class are left out.
 * Without classes in the recipe all pictures stay.
 */
export function labelledPictures(
  pictures: PictureSource,
  pack: Pick<Pack, 'classes' | 'labels'>,
  classes: readonly string[],
): PictureSource {
  if (classes.length === 0) return pictures;
  const numbers = pack.classes.map((name) => classes.indexOf(name));
  const numberOf = (picture: number): number => numbers[pack.labels[picture] ?? -1] ?? -1;
  const chosen = Uint32Array.from([...pack.labels.keys()].filter((picture) => numberOf(picture) >= 0));
  return {
    count: chosen.length,
    labels: Int32Array.from(chosen, numberOf),
    weights: pictures.weights && Float64Array.from(chosen, (picture) => pictures.weights?.[picture] ?? 1),
    readInto: (target, indices) =>
      pictures.readInto(
        target,
        indices.map((index) => chosen[index] ?? pictures.count),
      ),
  };
}

/** How often each class is shown, compared with the others. */
export function classFrequencies(
  { labels, weights }: Pick<PictureSource, 'labels' | 'weights'>,
  classes: number,
): readonly number[] {
  if (classes === 0) return [];
  const counts = new Array<number>(classes).fill(0);
  labels?.forEach((label, picture) => (counts[label] = (counts[label] ?? 0) + (weights?.[picture] ?? 1)));
  return counts;
}
