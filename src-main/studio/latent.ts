import type { Rendering } from '#shared/contract/types';
import { latentOf, type LatentPoint } from '#shared/math/latent';
import type { Sampler, TrainedGenerator } from '../trainer/sampler';
import type { StudioContext } from './context';
import type { AreaHandlers } from './handlers';

export function latentHandlers({ projects, generators, sampler }: StudioContext): AreaHandlers<'latent'> {
  return {
    'latent.render': async ({ projectId, points }) => {
      const generator = await generators.get(await projects.get(projectId));
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
