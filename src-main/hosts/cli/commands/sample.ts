import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { WeightsChoice } from '#shared/contract/api';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { onlyClass } from '#shared/math/labels';
import type { Studio } from '../../../studio/studio';
import { classNumber } from '../classNumber';
import { integer, weightsOption } from '../options';
import { writeUserFile } from '../../../store/userFile';
import { refuseOtherFormat } from '../refuseOtherFormat';
import { refuseTaken } from '../refuseTaken';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly count?: number;
  readonly seed: number;
  readonly weights: WeightsChoice;
  readonly scale: number;
  readonly class?: string;
  readonly perClass?: boolean;
  readonly out?: string;
  readonly outDir?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const FILES_MAX = 1_000_000;
const COUNT = 64;
/** The same of each class, where each has a row. */
const COUNT_PER_CLASS = 8;

/** What is drawn: a project's seeds, of some classes or of those that the seeds happen to have. */
interface Wanted {
  readonly projectId: string;
  readonly seeds: readonly number[];
  readonly classes: readonly number[] | undefined;
}

export function sampleCommand(): Command {
  return new Command('sample')
    .description('draw pictures with the trained generator, by seed')
    .argument('<project>', 'the project’s folder')
    .option(
      '--count <number>',
      `how many (default: ${COUNT}; with --per-class ${COUNT_PER_CLASS})`,
      integer(1, FILES_MAX),
    )
    .option(
      '--seed <number>',
      'the first picture’s seed; the others follow it',
      integer(0, Number.MAX_SAFE_INTEGER - FILES_MAX),
      1,
    )
    .addOption(
      new Option(
        '--class <name>',
        'what is shown, by name or number, where the generator has classes; else it follows the seeds',
      ).conflicts('perClass'),
    )
    .option('--per-class', 'so many of each class: the same seeds, a row a class')
    .addOption(weightsOption())
    .option('--scale <number>', 'each pixel becomes so many wide and high', integer(1, 16), 1)
    .addOption(new Option('--out <file>', 'one PNG with all of them in a grid').conflicts('outDir'))
    .option('--out-dir <folder>', 'one PNG a picture, named by its seed')
    .option('--force', 'replace files that are there already')
    .action(async (project: string, options: Options) => {
      const { out, outDir, json } = options;
      const count = options.count ?? (options.perClass ? COUNT_PER_CLASS : COUNT);
      const seeds = Array.from({ length: count }, (_, index) => options.seed + index);
      const files = await withStudio(async (studio) => {
        if (outDir !== undefined)
          return sampleFiles(studio, await wanted(studio, project, seeds, options), outDir, options);
        if (out !== undefined)
          return [await sampleGrid(studio, await wanted(studio, project, seeds, options), out, options)];
        return fail('option.invalid', {
          option: '--out',
          value: 'missing',
          problem: 'give --out FILE or --out-dir FOLDER',
        });
      });
      const where = outDir === undefined ? files.join() : resolve(outDir);
      const pictures = `${seeds.length} ${seeds.length === 1 ? 'picture' : 'pictures'}${options.perClass ? ' of each class' : ''}`;
      printResult(json, { seeds, files }, `${pictures} in ${where}`);
    });
}

async function wanted(studio: Studio, project: string, seeds: readonly number[], options: Options): Promise<Wanted> {
  const { summary, run } = await studio.call('projects.openAt', { path: project }, 'host');
  return { projectId: summary.id, seeds, classes: classesOf(options, run.classes) };
}

function classesOf({ class: asked, perClass }: Options, classes: readonly string[]): readonly number[] | undefined {
  if (asked !== undefined) return [classNumber(asked, classes)];
  // Asked of a generator without classes, the first one is refused in plain words.
  return perClass ? (classes.length > 0 ? [...classes.keys()] : [classNumber('0', classes)]) : undefined;
}

async function sampleGrid(
  studio: Studio,
  { projectId, seeds, classes }: Wanted,
  out: string,
  { weights, scale, force }: Options,
): Promise<string> {
  const count = seeds.length * (classes?.length ?? 1);
  if (count > limits.renderCount) {
    const problem = `a grid holds at most ${limits.renderCount} pictures; --out-dir takes more`;
    fail('option.invalid', { option: '--count', value: count, problem });
  }
  await refuseTaken([out], force);
  refuseOtherFormat(out, '.png');
  const ready = await studio.call('export.grid', { projectId, seeds, classes, weights, scale }, 'host');
  const { bytes } = await studio.call('export.take', { exportId: ready.exportId }, 'host');
  return writeUserFile(out, bytes);
}

async function sampleFiles(
  studio: Studio,
  { projectId, seeds, classes }: Wanted,
  outDir: string,
  { weights, scale, force }: Options,
): Promise<readonly string[]> {
  // Padded, so that a folder lists them in the order of their seeds.
  const digits = Math.max(6, String(seeds.at(-1)).length);
  const padded = (number: number, length: number) => String(number).padStart(length, '0');
  // A class's number, not its name: that may be anything, and file systems take only some of it.
  const prefixOf = (shown: number) => (classes && classes.length > 1 ? `class-${padded(shown, 4)}-` : '');
  const pictures = (classes ?? [undefined]).flatMap((shown) =>
    seeds.map((seed) => ({
      point: { kind: 'seed', seed, ...(shown !== undefined && { classes: onlyClass(shown) }) },
      path: join(outDir, `${shown === undefined ? '' : prefixOf(shown)}seed-${padded(seed, digits)}.png`),
    })),
  );
  await refuseTaken(
    pictures.map(({ path }) => path),
    force,
  );
  const files: string[] = [];
  for (const { point, path } of pictures) {
    const ready = await studio.call('export.picture', { projectId, point, weights, scale }, 'host');
    const { bytes } = await studio.call('export.take', { exportId: ready.exportId }, 'host');
    files.push(await writeUserFile(path, bytes));
  }
  return files;
}
