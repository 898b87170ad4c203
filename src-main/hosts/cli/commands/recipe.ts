import { Argument, Command } from 'commander';
import { fail } from '#shared/contract/errors';
import { checkRecipe } from '#shared/recipe/check';
import { withInputs, withLayer, withLayerMoved, withoutLayer } from '#shared/recipe/layerPath';
import { allNetworks } from '#shared/recipe/model';
import { layersOf, type Recipe } from '#shared/recipe/recipe';
import { settingAt, typedValue, withSetting } from '#shared/recipe/settingPath';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly json?: boolean;
}

/** A change of a recipe, told to the user by what is at a path then. */
interface Edit {
  /** What it is given behind its name, and how many of that behind the path. */
  readonly needs: string;
  readonly least: number;
  readonly most: number;
  readonly change: (recipe: Recipe, path: string, values: readonly string[]) => Recipe;
  readonly shown: 'setting' | 'network';
}

const edits: Readonly<Record<string, Edit>> = {
  set: {
    needs: 'the path of a setting and a value',
    least: 1,
    most: 1,
    shown: 'setting',
    change: (recipe, path, [value = '']) => withSetting(recipe, path, typedValue(value)),
  },
  add: {
    needs: 'a network, a kind of layer, and its number unless it goes to the end',
    least: 1,
    most: 2,
    shown: 'network',
    change: (recipe, network, [kind = '', place]) => withLayer(recipe, network, kind, place),
  },
  remove: {
    needs: 'the path of a layer',
    least: 0,
    most: 0,
    shown: 'network',
    change: withoutLayer,
  },
  move: {
    needs: 'the path of a layer and its new number',
    least: 1,
    most: 1,
    shown: 'network',
    change: (recipe, path, [place = '']) => withLayerMoved(recipe, path, place),
  },
  connect: {
    needs: 'the path of a layer and the ids of those whose outputs it takes',
    least: 1,
    most: Infinity,
    shown: 'network',
    change: withInputs,
  },
};

const examples = `
Examples:
  ganvas recipe faces get training
  ganvas recipe faces set training.microBatches 4
  ganvas recipe faces set loss.kind hinge
  ganvas recipe faces set generator.g4-relu.kind silu
  ganvas recipe faces add discriminator dropout 3          as its third layer
  ganvas recipe faces move discriminator.d8-dropout 5
  ganvas recipe faces connect generator.g9-residualadd g4-relu g8-conv2d
  ganvas recipe faces remove discriminator.d8-dropout`;

export function recipeCommand(): Command {
  return new Command('recipe')
    .description('read or change any setting of a project’s recipe, and the layers of its networks')
    .argument('<project>', 'the project’s folder')
    .addArgument(new Argument('<action>', 'what to do').choices(['get', ...Object.keys(edits)]))
    .argument(
      '[path]',
      'the setting: training.batchSize, optimizers.discriminator.kind, generator.g1-dense.units; without one, get prints all; else the layer, generator.g1-dense, or with add the network',
    ) // prettier-ignore
    .argument(
      '[values...]',
      'with set: a number, true, false, a word, or a whole part as JSON; with add: the kind of layer and its number; with move: the number; with connect: the layers it takes',
    ) // prettier-ignore
    .addHelpText('after', examples)
    .action((project: string, action: string, path: string | undefined, values: string[], options: Options) => {
      const edit = edits[action];
      if (!edit) return get(project, path ?? '', options);
      if (path === undefined || values.length < edit.least || values.length > edit.most) {
        fail('option.invalid', { option: action, value: 'used so', problem: `it needs ${edit.needs}` });
      }
      return change(project, edit, path, values, options);
    });
}

async function get(project: string, path: string, { json }: Options): Promise<void> {
  const { recipe } = await withStudio((studio) => studio.call('projects.openAt', { path: project }, 'host'));
  const value = settingAt(recipe, path);
  const words = typeof value === 'object' ? JSON.stringify(value, null, 2) : String(value);
  printResult(json, { path, value }, words);
}

async function change(
  project: string,
  edit: Edit,
  path: string,
  values: readonly string[],
  { json }: Options,
): Promise<void> {
  const recipe = await withStudio(async (studio) => {
    const { summary, recipe: before } = await studio.call('projects.openAt', { path: project }, 'host');
    const changed = edit.change(before, path, values);
    return (await studio.call('recipe.set', { projectId: summary.id, recipe: changed }, 'host')).recipe;
  });
  // A recipe with a misfit is kept, as in the window: the next setting may mend it. Training refuses it.
  const { problems, warnings } = checkRecipe(recipe);
  const named = problems.map(({ problem, fix }) => ({ problem, fix }));
  const [network = ''] = path.split('.');
  const shown = edit.shown === 'setting' ? path : network;
  const value = settingAt(recipe, shown);
  const words = edit.shown === 'setting' ? `${path} is now ${JSON.stringify(value)}` : inLines(recipe, network);
  printResult(json, { path: shown, value, problems: named, warnings }, words);
  if (json) return;
  for (const { problem, fix } of problems) process.stderr.write(`${problem}\n${fix}\n`);
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
}

/** A network's layers by number, and what they take where that is not the one before. */
const inLines = (recipe: Recipe, network: string): string =>
  layersOf(recipe, allNetworks.find((name) => name === network) ?? 'generator')
    .map(({ id, kind, inputs }, index) => `${index + 1}  ${id}  ${kind}${inputs ? `  ← ${inputs.join(', ')}` : ''}`)
    .join('\n');
