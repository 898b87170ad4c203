import { principalPlane } from '#shared/math/pca';
import type { PictureBatch } from '#shared/contract/types';
import type { Client } from '../../transport/client';

/** Some of a project's pictures where its encoder puts them, in the plane in which they differ most. */
export interface PictureMap {
  readonly step: number;
  /** Their numbers, in the order of `pictures`. */
  readonly numbers: readonly number[];
  readonly pictures: PictureBatch;
  /** Places, 0 … 1, right and down. */
  readonly places: readonly (readonly [x: number, y: number])[];
  /** Part of all differences that the plane shows, 0 … 1. */
  readonly explained: number;
}

/** Pictures on the map, in so many runs spread over the project: folders are imported one after the other, and each should be seen. */
const MOST = 320;
const RUNS = 16;

/** Numbers of the pictures on a map of a project with `count` of them, rising. */
export function mapNumbers(count: number): readonly number[] {
  if (count <= MOST) return Array.from({ length: count }, (_, index) => index);
  const length = MOST / RUNS;
  return Array.from({ length: RUNS }, (_, run) => Math.round((run * (count - length)) / (RUNS - 1))).flatMap((from) =>
    Array.from({ length }, (_, index) => from + index),
  );
}

/** Reads the pictures with the newest encoder and lays them out. */
export async function drawPictureMap(client: Client, projectId: string, count: number): Promise<PictureMap> {
  const numbers = mapNumbers(count);
  const [{ step, means }, pictures] = await Promise.all([
    client.call('latent.encode', { projectId, pictures: [...numbers] }),
    thumbnailsOf(client, projectId, numbers),
  ]);
  const { points, explained } = principalPlane(means);
  return { step, numbers, pictures, places: spread(points), explained: explained[0] + explained[1] };
}

/** Coordinates brought to 0 … 1, each axis by itself. */
function spread(points: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const scale = (axis: 0 | 1) => {
    const values = points.map((point) => point[axis]);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    return (value: number) => (most > least ? (value - least) / (most - least) : 0.5);
  };
  const [across, down] = [scale(0), scale(1)];
  return points.map(([x, y]) => [across(x), down(y)]);
}

/** Thumbnails of rising numbers, a call for each run of neighbours. */
async function thumbnailsOf(client: Client, projectId: string, numbers: readonly number[]): Promise<PictureBatch> {
  const runs: { from: number; count: number }[] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last.from + last.count === number) last.count++;
    else runs.push({ from: number, count: 1 });
  }
  const batches = await Promise.all(runs.map((run) => client.call('datasets.thumbnails', { projectId, ...run })));
  const [first] = batches;
  if (!first) throw new RangeError('a map needs pictures');
  const pixels = new Uint8Array(batches.reduce((sum, batch) => sum + batch.pixels.length, 0));
  let offset = 0;
  for (const batch of batches) {
    pixels.set(batch.pixels, offset);
    offset += batch.pixels.length;
  }
  return { ...first, count: numbers.length, pixels };
}

/** The picture nearest to a place, as an index; with `beyond`, only of those that lie on that side of `from`. */
export function nearestOn(
  { places }: Pick<PictureMap, 'places'>,
  [x, y]: readonly [number, number],
  allowed: (place: readonly [number, number]) => boolean = () => true,
): number | undefined {
  let best: number | undefined;
  let least = Infinity;
  places.forEach((place, index) => {
    const distance = (place[0] - x) ** 2 + (place[1] - y) ** 2;
    if (distance < least && allowed(place)) [best, least] = [index, distance];
  });
  return best;
}
