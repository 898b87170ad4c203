import { Argument, Command } from 'commander';
import { fail } from '#shared/contract/errors';
import { checkRecipe } from '#shared/recipe/check';
import { settingAt, typedValue, withSetting } from '#shared/recipe/settingPath';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly json?: boolean;
}

export function recipeCommand(): Command {
  return new Command('recipe')
    .description('read or change any setting of a project’s recipe')
    .argument('<project>', 'the project’s folder')
    .addArgument(new Argument('<action>', 'what to do').choices(['get', 'set']))
    .argument('[path]', 'the setting: training.batchSize, optimizers.discriminator.kind, generator.g1-dense.units; without one, get prints all') // prettier-ignore
    .argument('[value]', 'with set: a number, true, false, a word, or a whole part as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  ganvas recipe faces get training\n  ganvas recipe faces set training.microBatches 4\n  ganvas recipe faces set loss.kind hinge',
    )
    .action(async (project: string, action: 'get' | 'set', path: string | undefined, value: string | undefined, options: Options) => {
      if (action === 'get') return get(project, path ?? '', options);
      if (path === undefined || value === undefined) {
        fail('option.invalid', { option: 'set', value: 'used so', problem: 'it needs the path of a setting and a value' });
      }
      return set(project, path, value, options);
    }); // prettier-ignore
}

async function get(project: string, path: string, { json }: Options): Promise<void> {
  const { recipe } = await withStudio((studio) => studio.call('projects.openAt', { path: project }, 'host'));
  const value = settingAt(recipe, path);
  const words = typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
  printResult(json, { path, value }, words);
}

async function set(project: string, path: string, text: string, { json }: Options): Promise<void> {
  const recipe = await withStudio(async (studio) => {
    const { summary, recipe: before } = await studio.call('projects.openAt', { path: project }, 'host');
    const changed = withSetting(before, path, typedValue(text));
    return (await studio.call('recipe.set', { projectId: summary.id, recipe: changed }, 'host')).recipe;
  });
  const value = settingAt(recipe, path);
  // A recipe with a misfit is kept, as in the window: the next setting may mend it. Training refuses it.
  const { problems, warnings } = checkRecipe(recipe);
  const named = problems.map(({ problem, fix }) => ({ problem, fix }));
  printResult(json, { path, value, problems: named, warnings }, `${path} is now ${JSON.stringify(value)}`);
  if (json) return;
  for (const { problem, fix } of problems) process.stderr.write(`${problem}\n${fix}\n`);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
}
