import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { Rendering } from '#shared/contract/types';
import { labelsOf } from '#shared/math/labels';
import { anchorsOf, latentOf, type LatentPoint } from '#shared/math/latent';
import type { TrainedGenerator } from '../trainer/sampler';
import type { StudioContext } from './context';
import type { AreaHandlers } from './handlers';
import type { OpenProject } from './openProject';

export function latentHandlers(context: StudioContext): AreaHandlers<'latent'> {
  const { projects, generators, codes } = context;
  return {
    'latent.render': async ({ projectId, points, weights }) => {
      const open = await projects.get(projectId);
      const generator = await generators.get(open, weights);
      refuseTooMany(points.length, generator.recipe.image.size);
      return renderPoints(context, open, generator, points);
    },
    'latent.encode': async ({ projectId, pictures }) => {
      const open = await projects.get(projectId);
      const generator = await generators.get(open);
      const { means, logVariances } = await codes.encode(open, generator, pictures);
      const { size } = generator.recipe.latent;
      const rows = (numbers: Float32Array) =>
        pictures.map((_, row) => [...numbers.subarray(row * size, (row + 1) * size)]);
      return {
        step: generator.weights.step,
        means: rows(means),
        deviations: rows(logVariances.map((logVariance) => Math.exp(logVariance / 2))),
      };
    },
  };
}

/** Pictures of points of the latent space, in their order; `latent.class-unknown` where a point names a class that the generator does not have. */
export async function renderPoints(
  { sampler, codes }: Pick<StudioContext, 'sampler' | 'codes'>,
  open: OpenProject,
  generator: TrainedGenerator,
  points: readonly LatentPoint[],
): Promise<Rendering> {
  const { latent, classes } = generator.recipe;
  for (const { classes: asked } of points) {
    const highest = asked && Math.max(asked.from, asked.to);
    if (highest !== undefined && highest >= classes.length) {
      const names = classes.slice(0, 20).join(', ');
      fail('latent.class-unknown', { class: highest, classes: classes.length, names });
    }
  }
  const pictures = points.flatMap(anchorsOf).flatMap((anchor) => (typeof anchor === 'number' ? [] : [anchor.picture]));
  const means = pictures.length > 0 ? await codes.means(open, generator, pictures) : undefined;
  const codeOf = (picture: number) => means?.get(picture) ?? new Float32Array(latent.size);
  const z = new Float32Array(points.length * latent.size);
  points.forEach((point, index) => z.set(latentOf(latent, point, codeOf), index * latent.size));
  if (classes.length === 0) return sampler.render(generator, { z, count: points.length });
  const labels = new Float32Array(points.length * classes.length);
  points.forEach((point, index) => labels.set(labelsOf(classes.length, point), index * classes.length));
  return sampler.render(generator, { z, labels, count: points.length });
}

/** Fails where one answer would hold more pixels than a page may ask for at once. */
export function refuseTooMany(count: number, size: number): void {
  const pixels = count * size * size;
  if (pixels > limits.renderPixels) fail('latent.too-many', { pixels, limit: limits.renderPixels });
}
