import { Command, Option } from 'commander';
import type { WeightsChoice } from '#shared/contract/api';
import type { LatentAnchor } from '#shared/math/latent';
import { limits } from '#shared/contract/limits';
import { classNumber } from '../classNumber';
import { anchor, anchorInWords, integer, weightsOption } from '../options';
import { writeUserFile } from '../../../store/userFile';
import { refuseOtherFormat } from '../refuseOtherFormat';
import { refuseTaken } from '../refuseTaken';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly from: LatentAnchor;
  readonly to: LatentAnchor;
  readonly frames: number;
  readonly mode: 'lerp' | 'slerp';
  readonly fps: number;
  readonly weights: WeightsChoice;
  readonly scale: number;
  readonly loop?: boolean;
  readonly class?: string;
  readonly toClass?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function interpolateCommand(): Command {
  return new Command('interpolate')
    .description('walk from one seed to another: an animated WebP; of a VAE also from and to pictures of the project')
    .argument('<project>', 'the project’s folder')
    .requiredOption('--from <seed>', 'where the walk begins; picture:N is a picture, from 0', anchor)
    .requiredOption('--to <seed>', 'where it ends', anchor)
    .requiredOption('--out <file>', 'the WebP file to write')
    .option('--frames <number>', 'pictures on the way', integer(2, limits.animationFrames), 60)
    .addOption(
      new Option('--mode <name>', 'the way: a great circle or a line').choices(['slerp', 'lerp']).default('slerp'),
    )
    .option('--fps <number>', 'frames a second', integer(1, 60), 30)
    .addOption(weightsOption())
    .option('--scale <number>', 'each pixel becomes so many wide and high', integer(1, 16), 4)
    .option(
      '--class <name>',
      'what is shown, by name or number, where the generator has classes; else it follows the seeds',
    )
    .option('--to-class <name>', 'what it turns into on the way (with --class)')
    .option('--loop', 'walk back again, for ever')
    .option('--force', 'replace the file if it is there already')
    .action(async (project: string, options: Options) => {
      const { from, to, frames, mode, fps, weights, scale, loop = false, out, force, json } = options;
      await refuseTaken([out], force);
      refuseOtherFormat(out, '.webp');
      const path = await withStudio(async (studio) => {
        const { summary, run } = await studio.call('projects.openAt', { path: project }, 'host');
        const classes = classesOf(options, run.classes);
        const walk = { from, to, frames, mode, classes, loop };
        const params = { projectId: summary.id, ...walk, weights, framesPerSecond: fps, scale };
        const { exportId } = await studio.call('export.animation', params, 'host');
        const { bytes } = await studio.call('export.take', { exportId }, 'host');
        return writeUserFile(out, bytes);
      });
      printResult(
        json,
        { file: path, from, to, frames, mode },
        `${frames} frames from ${anchorInWords(from)} to ${anchorInWords(to)} in ${path}`,
      );
    });
}

function classesOf({ class: asked, toClass }: Options, classes: readonly string[]) {
  if (asked === undefined) return undefined;
  const from = classNumber(asked, classes);
  return { from, to: toClass === undefined ? from : classNumber(toClass, classes) };
}
