import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { Rendering } from '#shared/contract/types';
import { latentOf, type LatentPoint } from '#shared/math/latent';
import type { Sampler, TrainedGenerator } from '../trainer/sampler';
import type { StudioContext } from './context';
import type { AreaHandlers } from './handlers';

export function latentHandlers({ projects, generators, sampler }: StudioContext): AreaHandlers<'latent'> {
  return {
    'latent.render': async ({ projectId, points }) => {
      const generator = await generators.get(await projects.get(projectId));
      refuseTooMany(points.length, generator.recipe.image.size);
      return renderPoints(sampler, generator, points);
    },
  };
}

/** Pictures of points of the latent space, in their order. */
export function renderPoints(
  sampler: Sampler,
  generator: TrainedGenerator,
  points: readonly LatentPoint[],
): Promise<Rendering> {
  const { latent } = generator.recipe;
  const z = new Float32Array(points.length * latent.size);
  points.forEach((point, index) => z.set(latentOf(latent, point), index * latent.size));
  return sampler.render(generator, z, points.length);
}

/** Fails where one answer would hold more pixels than a page may ask for at once. */
export function refuseTooMany(count: number, size: number): void {
  const pixels = count * size * size;
  if (pixels > limits.renderPixels) fail('latent.too-many', { pixels, limit: limits.renderPixels });
}
