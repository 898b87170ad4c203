import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { limits } from '#shared/contract/limits';
import type { DatasetSummary } from '#shared/contract/types';
import { exists } from '../../../store/atomic';
import { integer } from '../options';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly size?: number;
  readonly channels?: string;
  readonly json?: boolean;
}

/** The bundled set, unless the folder that the command runs in has something of that name. */
const SAMPLE = 'sample';
/** Skipped files that are named to people; scripts get all. */
const NAMED = 20;

export function importCommand(): Command {
  return new Command('import')
    .description('add pictures to a project; your own files are only read')
    .argument('<project>', 'the project’s folder')
    .argument('<source...>', 'pictures or folders of pictures; “sample” is the bundled sample set')
    .option(
      '--size <pixels>',
      'side of the square training pictures; else it follows the pictures',
      integer(limits.imageSideMin, limits.imageSideMax),
    )
    .addOption(
      new Option('--channels <number>', '1: grey, 3: colour; else it follows the pictures').choices(['1', '3']),
    )
    .action(async (project: string, sources: readonly string[], { size, channels, json }: Options) => {
      const { dataset } = await withStudio(async (studio) => {
        const { summary } = await studio.call('projects.openAt', { path: project }, 'host');
        const sample = sources.length === 1 && sources[0] === SAMPLE && !(await exists(SAMPLE));
        const source = sample
          ? { kind: 'sample' }
          : {
              kind: 'offered',
              ...(await studio.call('datasets.offer', { paths: sources.map((path) => resolve(path)) }, 'host')),
            };
        const params = { projectId: summary.id, source, size, channels: channels && Number(channels) };
        return studio.call('datasets.import', params, 'host');
      });
      const { images, size: side, channels: depth, added, duplicates, skippedCount, skipped, classes } = dataset;
      const result = { images, size: side, channels: depth, added, duplicates, skippedCount, skipped, classes };
      if (!json) process.stdout.write(`${inWords(dataset)}\n`);
      // The last line is the result, for whoever reads it by program; a terminal needs it only when asked.
      if (json || !process.stdout.isTTY) printResult(true, result, '');
    });
}

function inWords(dataset: DatasetSummary): string {
  const { images, size, channels, added, duplicates, skippedCount, skipped, classes } = dataset;
  const kind = `${size}×${size} in ${channels === 1 ? 'grey' : 'colour'}`;
  const lines = [`${images} pictures, ${kind}: ${added} added, ${duplicates} there already, ${skippedCount} skipped`];
  if (classes.length > 0) lines.push(`${classes.length} classes: ${classesInWords(classes)}`);
  for (const { file, code, detail } of skipped.slice(0, NAMED)) {
    lines.push(`  ${file}: ${code}${detail ? ` (${detail})` : ''}`);
  }
  if (skippedCount > NAMED) lines.push(`  … and ${skippedCount - NAMED} more (--json names them)`);
  return lines.join('\n');
}

function classesInWords(classes: DatasetSummary['classes']): string {
  const named = classes.slice(0, NAMED).map(({ name, pictures }) => `${name} ${pictures}`);
  return classes.length > NAMED ? `${named.join(', ')}, …` : named.join(', ');
}
