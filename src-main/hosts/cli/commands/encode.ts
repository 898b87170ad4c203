import { Command } from 'commander';
import type { WeightsChoice } from '#shared/contract/api';
import { limits } from '#shared/contract/limits';
import type { Encoding } from '#shared/contract/types';
import type { Studio } from '../../../studio/studio';
import { integer, weightsOption } from '../options';
import { writeUserFile } from '../../../store/userFile';
import { refuseOtherFormat } from '../refuseOtherFormat';
import { refuseTaken } from '../refuseTaken';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly first: number;
  readonly count: number;
  readonly weights: WeightsChoice;
  readonly scale: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function encodeCommand(): Command {
  return new Command('encode')
    .description(
      'read pictures of a project with the encoder of its VAE: their latents, and what the generator makes of them',
    )
    .argument('<project>', 'the project’s folder')
    .option('--first <number>', 'the first picture, by its number from 0; the others follow it', integer(0), 0)
    .option('--count <number>', 'how many', integer(1, limits.renderCount), 16)
    .option('--out <file>', 'a PNG with each picture and its reconstruction beside it')
    .addOption(weightsOption())
    .option('--scale <number>', 'each pixel becomes so many wide and high', integer(1, 16), 1)
    .option('--force', 'replace the file if it is there already')
    .action(async (project: string, options: Options) => {
      const { out, force, json, first, count } = options;
      if (out !== undefined) {
        await refuseTaken([out], force);
        refuseOtherFormat(out, '.png');
      }
      const pictures = Array.from({ length: count }, (_, index) => first + index);
      const { encoding, file } = await withStudio((studio) => encodeHere(studio, project, pictures, options));
      const { step, means, deviations } = encoding;
      const codes = pictures.map((picture, row) => ({ picture, mean: means[row], deviation: deviations[row] }));
      const where = file === undefined ? '--json prints them' : `reconstructions are in ${file}`;
      const words = `${count} latents of ${means[0]?.length ?? 0} numbers by the encoder of step ${step}; ${where}`;
      printResult(json, { step, codes, ...(file !== undefined && { file }) }, words);
    });
}

async function encodeHere(
  studio: Studio,
  project: string,
  pictures: readonly number[],
  { out, weights, scale }: Options,
): Promise<{ readonly encoding: Encoding; readonly file: string | undefined }> {
  const { summary } = await studio.call('projects.openAt', { path: project }, 'host');
  const projectId = summary.id;
  const encoding = await studio.call('latent.encode', { projectId, pictures }, 'host');
  if (out === undefined) return { encoding, file: undefined };
  const { exportId } = await studio.call('export.reconstructions', { projectId, pictures, weights, scale }, 'host');
  const { bytes } = await studio.call('export.take', { exportId }, 'host');
  return { encoding, file: await writeUserFile(out, bytes) };
}
