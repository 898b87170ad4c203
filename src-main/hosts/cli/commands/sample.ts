import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { Studio } from '../../../studio/studio';
import { integer } from '../options';
import { writeUserFile } from '../../../store/userFile';
import { refuseOtherFormat } from '../refuseOtherFormat';
import { refuseTaken } from '../refuseTaken';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly count: number;
  readonly seed: number;
  readonly scale: number;
  readonly out?: string;
  readonly outDir?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const FILES_MAX = 1_000_000;

export function sampleCommand(): Command {
  return new Command('sample')
    .description('draw pictures with the trained generator, by seed')
    .argument('<project>', 'the project’s folder')
    .option('--count <number>', 'how many', integer(1, FILES_MAX), 64)
    .option(
      '--seed <number>',
      'the first picture’s seed; the others follow it',
      integer(0, Number.MAX_SAFE_INTEGER - FILES_MAX),
      1,
    )
    .option('--scale <number>', 'each pixel becomes so many wide and high', integer(1, 16), 1)
    .addOption(new Option('--out <file>', 'one PNG with all of them in a grid').conflicts('outDir'))
    .option('--out-dir <folder>', 'one PNG a picture, named by its seed')
    .option('--force', 'replace files that are there already')
    .action(async (project: string, options: Options) => {
      const { out, outDir, json } = options;
      const seeds = Array.from({ length: options.count }, (_, index) => options.seed + index);
      const files = await withStudio(async (studio) => {
        if (outDir !== undefined) return sampleFiles(studio, project, seeds, outDir, options);
        if (out !== undefined) return [await sampleGrid(studio, project, seeds, out, options)];
        return fail('option.invalid', {
          option: '--out',
          value: 'missing',
          problem: 'give --out FILE or --out-dir FOLDER',
        });
      });
      const where = outDir === undefined ? files.join() : resolve(outDir);
      printResult(json, { seeds, files }, `${seeds.length} ${seeds.length === 1 ? 'picture' : 'pictures'} in ${where}`);
    });
}

async function sampleGrid(
  studio: Studio,
  project: string,
  seeds: readonly number[],
  out: string,
  { scale, force }: Options,
): Promise<string> {
  if (seeds.length > limits.renderCount) {
    const problem = `a grid holds at most ${limits.renderCount} pictures; --out-dir takes more`;
    fail('option.invalid', { option: '--count', value: seeds.length, problem });
  }
  await refuseTaken([out], force);
  refuseOtherFormat(out, '.png');
  const { summary } = await studio.call('projects.openAt', { path: project }, 'host');
  const ready = await studio.call('export.grid', { projectId: summary.id, seeds, scale }, 'host');
  const { bytes } = await studio.call('export.take', { exportId: ready.exportId }, 'host');
  return writeUserFile(out, bytes);
}

async function sampleFiles(
  studio: Studio,
  project: string,
  seeds: readonly number[],
  outDir: string,
  { scale, force }: Options,
): Promise<readonly string[]> {
  // Padded, so that a folder lists them in the order of their seeds.
  const digits = Math.max(6, String(seeds.at(-1)).length);
  const pathOf = (seed: number) => join(outDir, `seed-${String(seed).padStart(digits, '0')}.png`);
  await refuseTaken(seeds.map(pathOf), force);
  const { summary } = await studio.call('projects.openAt', { path: project }, 'host');
  const files: string[] = [];
  for (const seed of seeds) {
    const params = { projectId: summary.id, point: { kind: 'seed', seed }, scale };
    const ready = await studio.call('export.picture', params, 'host');
    const { bytes } = await studio.call('export.take', { exportId: ready.exportId }, 'host');
    files.push(await writeUserFile(pathOf(seed), bytes));
  }
  return files;
}
