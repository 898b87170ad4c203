import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { limits } from '#shared/contract/limits';
import { pictureFlagNames, pictureFlags } from '#shared/contract/pictureFlags';
import { skipCodes } from '#shared/contract/skipCodes';
import type { DatasetSummary, ImportSummary } from '#shared/contract/types';
import { Fit } from '#shared/dataset/fit';
import { exists } from '../../../store/atomic';
import { groupInWords } from '../dataset/report';
import { colour, integer } from '../options';
import { plain, printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly size?: number;
  readonly channels?: string;
  readonly crop?: string;
  readonly background?: string;
  readonly everyFrame?: number;
  readonly json?: boolean;
}

/** The bundled set, unless the folder that the command runs in has something of that name. */
const SAMPLE = 'sample';
/** Skipped files that are named to people; the import’s report has all of them. */
const NAMED = 20;

export function importCommand(): Command {
  return new Command('import')
    .description('add pictures to a project; your own files are only read')
    .argument('<project>', 'the project’s folder')
    .argument(
      '<source...>',
      'pictures, folders or archives (zip, tar, tar.gz) of them; “sample” is the bundled sample set',
    )
    .option(
      '--size <pixels>',
      'side of the square training pictures; else it follows the pictures',
      integer(limits.imageSideMin, limits.imageSideMax),
    )
    .addOption(
      new Option('--channels <number>', '1: grey, 3: colour; else it follows the pictures').choices(['1', '3']),
    )
    .addOption(
      new Option(
        '--crop <way>',
        'how pictures become squares: middle, most detail, whole with bars, distorted',
      ).choices(Fit.shape.crop.options),
    )
    .option('--background <colour>', 'behind what is transparent and in bars, as #rrggbb; else white', colour)
    .option(
      '--every-frame <number>',
      'take every so many frames of animations, 0: the first alone; else every fifth',
      integer(0, limits.everyFrame),
    )
    .action(async (project: string, sources: readonly string[], { json, ...options }: Options) => {
      const { dataset, report } = await withStudio(async (studio) => {
        const { summary } = await studio.call('projects.openAt', { path: project }, 'host');
        const sample = sources.length === 1 && sources[0] === SAMPLE && !(await exists(SAMPLE));
        const source = sample
          ? { kind: 'sample' }
          : {
              kind: 'offered',
              ...(await studio.call('datasets.offer', { paths: sources.map((path) => resolve(path)) }, 'host')),
            };
        const channels = options.channels && Number(options.channels);
        const params = { projectId: summary.id, source, ...options, channels };
        const imported = await studio.call('datasets.import', params, 'host');
        const [last] = await studio.call('datasets.reports', { projectId: summary.id }, 'host');
        return { ...imported, report: last };
      });
      if (!json) process.stdout.write(`${inWords(dataset, report)}\n`);
      // The last line is the result, for whoever reads it by program; a terminal needs it only when asked.
      if (json || !process.stdout.isTTY) printResult(true, dataset, '');
    });
}

function inWords(dataset: DatasetSummary, last: ImportSummary | undefined): string {
  const { images, size, channels, added, duplicates, skippedCount, skipped, classes, report } = dataset;
  const kind = `${size}×${size} in ${channels === 1 ? 'grey' : 'colour'}`;
  const lines = [`${images} pictures, ${kind}: ${added} added, ${duplicates} there already, ${skippedCount} skipped`];
  if (classes.length > 0) lines.push(`${classes.length} classes: ${plain(classesInWords(classes))}`);
  for (const { file, code, detail } of skipped.slice(0, NAMED)) {
    lines.push(plain(`  ${file}: ${code}${detail ? ` (${detail})` : ''}`));
  }
  if (skippedCount > NAMED)
    lines.push(`  … and ${skippedCount - NAMED} more (ganvas dataset PROJECT report --json names them all)`);
  for (const code of new Set(skipped.map((file) => file.code))) lines.push(`${code}: ${skipCodes[code].advice}`);
  for (const code of ['known', 'twice', 'other-frames', 'class-conflict'] as const) {
    const files = last?.byCode[code];
    if (files) lines.push(groupInWords(code, files));
  }
  for (const flag of pictureFlagNames) {
    const pictures = report.flags[flag];
    if (pictures) lines.push(`${pictureFlags[flag].title}: ${pictures} of all pictures. ${pictureFlags[flag].advice}`);
  }
  return lines.join('\n');
}

function classesInWords(classes: DatasetSummary['classes']): string {
  const named = classes.slice(0, NAMED).map(({ name, pictures }) => `${name} ${pictures}`);
  return classes.length > NAMED ? `${named.join(', ')}, …` : named.join(', ');
}
