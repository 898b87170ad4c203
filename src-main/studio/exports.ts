import type { WeightsChoice } from '#shared/contract/api';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { PictureBatch } from '#shared/contract/types';
import { onlyClass } from '#shared/math/labels';
import { anchorsOf, type LatentAnchor, type LatentPoint } from '#shared/math/latent';
import { latentWalk } from '#shared/math/latentWalk';
import { placesOf } from '../store/dataset/curationEdits';
import { zipPictures } from '../store/dataset/exportPictures';
import { classIn } from '../store/dataset/pictureMarks';
import { encodeAnimatedWebp, encodePng } from '../store/pictures/encode';
import type { TrainedGenerator } from '../trainer/sampler';
import type { StudioContext } from './context';
import { readPictures } from './codes';
import type { AreaHandlers } from './handlers';
import { renderPoints } from './latent';
import type { OpenProject } from './openProject';
import { slugOf } from './slug';

/** Keyword of the PNG text that says what a picture was made from, as JSON. */
const ORIGIN = 'ganvas';
/** Frames drawn at a time: enough to be quick, few enough to be cancelled soon. */
const FRAMES_AT_A_TIME = 16;

export function exportHandlers(context: StudioContext): AreaHandlers<'export'> {
  const { options, jobs, sampler, exports } = context;
  const software = `Ganvas ${options.version}`;
  return {
    'export.picture': async ({ projectId, point, weights, scale }) => {
      const { open, generator, nameFor, origin } = await source(projectId, weights);
      const { pictures, step } = await renderPoints(context, open, generator, [point]);
      const text = { Software: software, [ORIGIN]: origin({ step, point }) };
      const bytes = await encodePng(pictures, { scale, columns: 1, text });
      return exports.put({ fileName: nameFor(pointName(point), 'png'), mime: 'image/png', bytes });
    },
    'export.grid': async ({ projectId, seeds, columns: asked, classes, weights, scale }) => {
      const { open, generator, nameFor, origin } = await source(projectId, weights);
      const { recipe } = generator;
      const points = gridPoints(seeds, classes, recipe.image.size);
      const { pictures, step } = await renderPoints(context, open, generator, points);
      const names = classes?.map((number) => recipe.classes[number]);
      const text = { Software: software, [ORIGIN]: origin({ step, seeds, ...(names && { classes: names }) }) };
      const columns = asked ?? (classes && classes.length > 1 ? seeds.length : undefined);
      const bytes = await encodePng(pictures, { scale, ...(columns && { columns }), text });
      return exports.put({ fileName: nameFor(`grid-${points.length}`, 'png'), mime: 'image/png', bytes });
    },
    'export.animation': async ({ projectId, weights, framesPerSecond, scale, jobId, ...walk }) => {
      const { open, generator, nameFor } = await source(projectId, weights);
      const { from, to, loop } = walk;
      const points = latentWalk(walk);
      const pixels = points.length * (generator.recipe.image.size * scale) ** 2;
      if (pixels > limits.animationPixels) fail('export.too-large', { pixels, limit: limits.animationPixels });
      const bytes = await jobs.run(jobId, ({ progress, signal }) => {
        const onProgress = (done: number) => progress('Drawing the animation', done, points.length);
        const shown = { delayMs: 1000 / framesPerSecond, loop: loop ? 0 : 1, scale, signal, onProgress };
        return encodeAnimatedWebp(draw(open, generator, points), shown, context.openDecoders);
      });
      return exports.put({
        fileName: nameFor(`walk-${anchorName(from)}-${anchorName(to)}`, 'webp'),
        mime: 'image/webp',
        bytes,
      });
    },
    'export.onnx': async ({ projectId, weights }) => {
      const { generator, nameFor } = await source(projectId, weights);
      const bytes = await sampler.onnx(generator);
      return exports.put({ fileName: nameFor('generator', 'onnx'), mime: 'application/octet-stream', bytes });
    },
    'export.encoderOnnx': async ({ projectId }) => {
      const { generator, nameFor } = await source(projectId);
      const bytes = await sampler.onnx(generator, 'encoder');
      return exports.put({ fileName: nameFor('encoder', 'onnx'), mime: 'application/octet-stream', bytes });
    },
    'export.reconstructions': async ({ projectId, pictures, weights, scale }) => {
      const { open, generator, nameFor, origin } = await source(projectId, weights);
      const { batch } = await readPictures(open, generator.recipe, pictures);
      const points = pictures.map((picture): LatentPoint => ({ kind: 'seed', seed: { picture } }));
      const { pictures: reconstructed, step } = await renderPoints(context, open, generator, points);
      const text = { Software: software, [ORIGIN]: origin({ step, pictures }) };
      const columns = 2 * Math.ceil(Math.sqrt(pictures.length / 2));
      const bytes = await encodePng(inPairs(batch, reconstructed), { scale, columns, text });
      return exports.put({ fileName: nameFor('reconstructions', 'png'), mime: 'image/png', bytes });
    },
    'export.trainingPictures': async ({ projectId, pictures, jobId }) => {
      const open = await context.projects.get(projectId);
      const { table, record } = await context.curator.read(open);
      const places = placesOf(table, record.curation, pictures);
      const classOf = (picture: number) => classIn(table, record.curation, picture);
      const bytes = await jobs.run(jobId, ({ progress, signal }) => {
        const onProgress = (done: number) => progress('Writing pictures', done, places.length);
        return zipPictures(open.project, places, { classOf, signal, onProgress });
      });
      const fileName = `${slugOf(open.project.name)}-${places.length}-pictures.zip`;
      return exports.put({ fileName, mime: 'application/zip', bytes });
    },
    'export.take': ({ exportId }) => exports.get(exportId),
  };

  /** A project's newest generator, names for the files made with it, and what they say of where they come from. */
  async function source(projectId: string, weights: WeightsChoice = 'average') {
    const open = await context.projects.get(projectId);
    const generator = await context.generators.get(open, weights);
    // What is usual goes without saying.
    const unusual = weights !== 'average' && generator.recipe.training.emaHalfLife > 0;
    const nameFor = (what: string, extension: string) =>
      `${slugOf(open.project.name)}-step${generator.weights.step}${unusual ? `-${weights}` : ''}-${what}.${extension}`;
    const origin = (facts: object) => JSON.stringify({ ...facts, ...(unusual && { weights }) });
    return { open, generator, nameFor, origin };
  }

  async function* draw(
    open: OpenProject,
    generator: TrainedGenerator,
    points: readonly LatentPoint[],
  ): AsyncGenerator<PictureBatch> {
    for (let from = 0; from < points.length; from += FRAMES_AT_A_TIME) {
      yield (await renderPoints(context, open, generator, points.slice(from, from + FRAMES_AT_A_TIME))).pictures;
    }
  }
}

/** The pictures of two batches by turns. */
function inPairs(first: PictureBatch, second: PictureBatch): PictureBatch {
  const each = first.width * first.height * first.channels;
  const pixels = new Uint8Array(2 * first.pixels.length);
  for (let index = 0; index < first.count; index++) {
    pixels.set(first.pixels.subarray(index * each, (index + 1) * each), 2 * index * each);
    pixels.set(second.pixels.subarray(index * each, (index + 1) * each), (2 * index + 1) * each);
  }
  return { ...first, count: 2 * first.count, pixels };
}

/** The seeds, for each of the classes where there are any; no more pictures than one grid takes. */
function gridPoints(seeds: readonly number[], classes: readonly number[] | undefined, size: number): LatentPoint[] {
  const count = seeds.length * (classes?.length ?? 1);
  if (count > limits.renderCount) {
    fail('export.too-large', { pixels: count * size * size, limit: limits.renderCount * size * size });
  }
  const seed = (one: number): LatentPoint => ({ kind: 'seed', seed: one });
  if (!classes) return seeds.map(seed);
  return classes.flatMap((number) => seeds.map((one) => ({ ...seed(one), classes: onlyClass(number) })));
}

const anchorName = (anchor: LatentAnchor): string =>
  typeof anchor === 'number' ? String(anchor) : `picture${anchor.picture}`;

function pointName(point: LatentPoint): string {
  const names = anchorsOf(point).map(anchorName);
  switch (point.kind) {
    case 'seed':
      return typeof point.seed === 'number' ? `seed${point.seed}` : (names[0] ?? '');
    case 'between':
    case 'corners':
      return [point.kind, ...names].join('-');
  }
}
