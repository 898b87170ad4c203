import { createHash } from 'node:crypto';
import { isHeldOut } from '#shared/dataset/curation';
import { classOf, isBalanced, splitOf, type Curation } from './curationState';
import type { Pack } from './types';

/** A picture of a pack as the curation sees it. */
export interface CuratedPicture {
  readonly id: string;
  /** Class that the import found. */
  readonly className?: string | undefined;
}

/** Which pictures of a pack are trained on, and how often each. */
export interface TrainingSet {
  /** Their places in the pack, in its order. */
  readonly indices: Uint32Array;
  /** How often each is shown, compared with the others, above 0; undefined: all alike. */
  readonly weights: Float64Array | undefined;
  /** The class of each. */
  readonly classes: readonly (string | undefined)[];
  readonly excluded: number;
  readonly heldOut: number;
  /** Pictures of classes whose weight is 0. */
  readonly unweighted: number;
  /** Changes with the pictures, their classes and their weights; the pack's own hash where nothing is curated. */
  readonly hash: string;
}

/** The training set that a curation leaves of a pack. */
export function trainingSet(packHash: string, pictures: readonly CuratedPicture[], curation: Curation): TrainingSet {
  const split = splitOf(curation);
  const indices: number[] = [];
  const classes: (string | undefined)[] = [];
  const left = { excluded: 0, heldOut: 0, unweighted: 0 };
  pictures.forEach(({ id, className }, index) => {
    const present = classOf(curation, id, className);
    if (curation.excluded.has(id)) left.excluded += 1;
    else if (isHeldOut(id, split)) left.heldOut += 1;
    else if (weightOf(present, curation) === 0) left.unweighted += 1;
    else classes[indices.push(index) - 1] = present;
  });
  const weights = weightsOf(classes, curation);
  const set = { indices: Uint32Array.from(indices), weights, classes, ...left };
  const whole =
    indices.length === pictures.length && !weights && curation.classes.size + curation.classNames.size === 0;
  return { ...set, hash: whole ? packHash : hashOf(set, packHash, pictures, classes) };
}

const weightOf = (name: string | undefined, { weights }: Curation): number =>
  name === undefined ? 1 : (weights.get(name) ?? 1);

/** Undefined where every picture is shown equally often. */
function weightsOf(classes: readonly (string | undefined)[], curation: Curation): Float64Array | undefined {
  const balanced = isBalanced(curation);
  if (!balanced && curation.weights.size === 0) return undefined;
  const counts = new Map<string | undefined, number>();
  for (const name of classes) counts.set(name, (counts.get(name) ?? 0) + 1);
  const weights = Float64Array.from(classes, (name) => {
    const wanted = weightOf(name, curation);
    return balanced ? wanted / (counts.get(name) ?? 1) : wanted;
  });
  return new Set(weights).size > 1 ? weights : undefined;
}

function hashOf(
  { indices, weights }: Pick<TrainingSet, 'indices' | 'weights'>,
  packHash: string,
  pictures: readonly CuratedPicture[],
  classes: readonly (string | undefined)[],
): string {
  const hash = createHash('sha256').update(packHash);
  indices.forEach((index, place) => {
    hash.update(`\n${pictures[index]?.id} ${weights?.[place] ?? 1} ${classes[place] ?? ''}`);
  });
  return hash.digest('hex');
}

/** The pack's pictures that a training set names, under their numbers in it. Synchronous, for the training thread. */
export function readTrainingSet(
  pack: Pick<Pack, 'readInto'>,
  { indices }: TrainingSet,
): Pick<Pack, 'count' | 'readInto'> {
  let places = new Uint32Array(0);
  return {
    count: indices.length,
    readInto(target, wanted) {
      if (places.length !== wanted.length) places = new Uint32Array(wanted.length);
      wanted.forEach((picture, row) => {
        const index = indices[picture];
        if (index === undefined) throw new RangeError(`there is no training picture ${picture}`);
        places[row] = index;
      });
      pack.readInto(target, places);
    },
  };
}
