import { Command } from 'commander';
import { presets } from '#shared/recipe/presets';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly preset?: string;
  readonly json?: boolean;
}

export function newCommand(): Command {
  return new Command('new')
    .description('make a project: a folder that holds pictures, networks and runs')
    .argument('<project>', 'the folder; it must be new or empty')
    .option('--preset <name>', `the networks: ${presets.map(({ id }) => id).join(', ')}; else they follow the pictures`)
    .action(async (path: string, { preset, json }: Options) => {
      const { summary, recipe } = await withStudio((studio) =>
        studio.call('projects.createAt', { path, ...(preset !== undefined && { preset }) }, 'host'),
      );
      printResult(
        json,
        { id: summary.id, path: summary.path, preset: recipe.preset },
        `Made ${summary.path}\nNext: ganvas import ${path} FOLDER`,
      );
    });
}
