import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { PictureBatch } from '#shared/contract/types';
import type { LatentPoint } from '#shared/math/latent';
import { latentWalk } from '#shared/math/latentWalk';
import { encodeAnimatedWebp, encodePng } from '../store/pictures/encode';
import type { TrainedGenerator } from '../trainer/sampler';
import type { StudioContext } from './context';
import type { AreaHandlers } from './handlers';
import { renderPoints } from './latent';
import { slugOf } from './slug';

/** Keyword of the PNG text that says what a picture was made from, as JSON. */
const ORIGIN = 'ganvas';
/** Frames drawn at a time: enough to be quick, few enough to be cancelled soon. */
const FRAMES_AT_A_TIME = 16;

export function exportHandlers(context: StudioContext): AreaHandlers<'export'> {
  const { options, jobs, sampler, exports } = context;
  const software = `Ganvas ${options.version}`;
  return {
    'export.picture': async ({ projectId, point, scale }) => {
      const { generator, nameFor } = await source(projectId);
      const { pictures, step } = await renderPoints(sampler, generator, [point]);
      const text = { Software: software, [ORIGIN]: JSON.stringify({ step, point }) };
      const bytes = await encodePng(pictures, { scale, columns: 1, text });
      return exports.put({ fileName: nameFor(pointName(point), 'png'), mime: 'image/png', bytes });
    },
    'export.grid': async ({ projectId, seeds, columns, scale }) => {
      const { generator, nameFor } = await source(projectId);
      const points = seeds.map((seed): LatentPoint => ({ kind: 'seed', seed }));
      const { pictures, step } = await renderPoints(sampler, generator, points);
      const text = { Software: software, [ORIGIN]: JSON.stringify({ step, seeds }) };
      const bytes = await encodePng(pictures, { scale, ...(columns && { columns }), text });
      return exports.put({ fileName: nameFor(`grid-${seeds.length}`, 'png'), mime: 'image/png', bytes });
    },
    'export.animation': async ({ projectId, from, to, frames, mode, framesPerSecond, scale, loop, jobId }) => {
      const { generator, nameFor } = await source(projectId);
      const points = latentWalk({ from, to, frames, mode, loop });
      const pixels = points.length * (generator.recipe.image.size * scale) ** 2;
      if (pixels > limits.animationPixels) fail('export.too-large', { pixels, limit: limits.animationPixels });
      const bytes = await jobs.run(jobId, ({ progress, signal }) =>
        encodeAnimatedWebp(draw(generator, points), {
          delayMs: 1000 / framesPerSecond,
          loop: loop ? 0 : 1,
          scale,
          signal,
          onProgress: (done) => progress('Drawing the animation', done, points.length),
        }),
      );
      return exports.put({ fileName: nameFor(`walk-${from}-${to}`, 'webp'), mime: 'image/webp', bytes });
    },
    'export.onnx': async ({ projectId }) => {
      const { generator, nameFor } = await source(projectId);
      const bytes = await sampler.onnx(generator);
      return exports.put({ fileName: nameFor('generator', 'onnx'), mime: 'application/octet-stream', bytes });
    },
    'export.take': ({ exportId }) => exports.get(exportId),
  };

  /** A project's newest generator, and names for the files made with it. */
  async function source(projectId: string) {
    const open = await context.projects.get(projectId);
    const generator = await context.generators.get(open);
    const nameFor = (what: string, extension: string) =>
      `${slugOf(open.project.name)}-step${generator.weights.step}-${what}.${extension}`;
    return { generator, nameFor };
  }

  async function* draw(generator: TrainedGenerator, points: readonly LatentPoint[]): AsyncGenerator<PictureBatch> {
    for (let from = 0; from < points.length; from += FRAMES_AT_A_TIME) {
      yield (await renderPoints(sampler, generator, points.slice(from, from + FRAMES_AT_A_TIME))).pictures;
    }
  }
}

function pointName(point: LatentPoint): string {
  switch (point.kind) {
    case 'seed':
      return `seed${point.seed}`;
    case 'between':
      return `between-${point.from}-${point.to}`;
    case 'corners':
      return `corners-${point.seeds.join('-')}`;
  }
}
