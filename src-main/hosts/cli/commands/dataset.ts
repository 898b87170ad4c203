import { Argument, Command, Option } from 'commander';
import { limits } from '#shared/contract/limits';
import { pictureFlagNames } from '#shared/contract/pictureFlags';
import { Fit } from '#shared/dataset/fit';
import { viewIds } from '#shared/dataset/marks';
import { unfinishedSentence } from '#shared/dataset/unfinishedImport';
import type { Studio } from '../../../studio/studio';
import { actions } from '../dataset/actions';
import type { DatasetOptions, Said } from '../dataset/call';
import { colour, integer } from '../options';
import { printPieces, printResult } from '../report';
import { withStudio } from '../withStudio';

const names = Object.keys(actions);

export function datasetCommand(): Command {
  return new Command('dataset')
    .description(`what is trained on: ${names.map((name) => `${name} (${actions[name]?.summary})`).join('; ')}`)
    .argument('<project>', 'the project’s folder')
    .addArgument(new Argument('<action>', 'what to do').choices(names))
    .argument('[pictures...]', 'pictures by numbers, content hashes, or patterns of file names (in quotes)')
    .addOption(new Option('--view <view>', 'pictures of this view, in place of named ones').choices(viewIds))
    .addOption(
      new Option('--flag <flag>', 'of the view, those that the import noted this of').choices(pictureFlagNames),
    )
    .option('--min-side <pixels>', 'of the view, those whose files’ shorter side is at least this', integer(1))
    .option('--max-side <pixels>', 'of the view, those whose files’ shorter side is at most this', integer(1))
    .option('--unclassed', 'of the view, those that have no class')
    .option('--class <name>', 'of the view, those of this class; with “assign”: the class that pictures get')
    .addOption(
      new Option('--none', 'with “assign”: the class that the import found, in place of the one given').conflicts(
        'class',
      ),
    )
    .option('--to <name>', 'with “rename”: the new name; an existing one merges two classes')
    .option('--held-out <percent>', 'with “split”: so many are kept from training', share)
    .option('--seed <number>', 'with “split”: draws others; with “augment”: other changes', integer(0))
    .option('--balanced', 'with “sampling”: all classes equally often')
    .option('--weight <class=number...>', 'with “sampling”: how often a class is shown, compared with the others')
    .addOption(
      new Option('--crop <way>', 'with “crop”, “preview”: how pictures become squares').choices(Fit.shape.crop.options),
    )
    .option('--region <left,top,width,height>', 'of them: the part that is used, as fractions of the sides')
    .option('--background <#rrggbb>', 'of them: behind what is transparent, and in the bars', colour)
    .option(
      '--size <pixels>',
      'with “crop”: side of all training pictures; with “preview”: of the picture',
      integer(limits.imageSideMin, limits.imageSideMax),
    )
    .addOption(new Option('--channels <number>', 'of them: grey (1) or in colour (3)').choices(['1', '3']))
    .addOption(
      new Option(
        '--reset',
        'with “crop”: takes back the crops of one’s own, of all pictures where none is named',
      ).conflicts(['crop', 'region', 'background', 'size', 'channels']),
    )
    .option('--limit <number>', 'at most so many (default of “list”, “alike”: 100)', integer(1, limits.datasetPictures))
    .option('--variants <number>', 'with “augment”: so many of each (default: 8)', integer(1, limits.augmentVariants))
    .option('--scale <number>', 'of the PNG: each pixel becomes so many wide and high', integer(1, 16))
    .option('--out <path>', 'the PNG of “preview” or “augment”, the folder of “export”')
    .option('--force', 'replace files that are there already')
    .option('--yes', 'with “clear”: go ahead')
    .addOption(new Option('--import <number>', 'with “report”: of this import').argParser(integer(0)).conflicts('all'))
    .option('--all', 'with “report”: of all imports whose reports are kept')
    .action(async (project: string, action: string, pictures: readonly string[], options: DatasetOptions) => {
      const said = await withStudio(async (studio: Studio) => {
        const answer = await run(studio, project, action, pictures, options);
        // They are asked for while they are printed.
        if ('pieces' in answer) await printPieces(answer.pieces);
        return answer;
      });
      if ('words' in said) printResult(options.json, 'result' in said ? said.result : {}, said.words);
    });
}

async function run(
  studio: Studio,
  path: string,
  action: string,
  pictures: readonly string[],
  options: DatasetOptions,
): Promise<Said> {
  const project = await studio.call('projects.openAt', { path }, 'host');
  if (project.unfinished) process.stderr.write(`${unfinishedSentence(project.unfinished)}\n`);
  const chosen = actions[action];
  // Commander lets no other name through.
  if (!chosen) throw new Error(`there is no action ${action}`);
  return chosen.run({ studio, project, pictures, options });
}

/** A share of pictures in percent, for commander: as a fraction. */
function share(text: string): number {
  return integer(0, limits.heldOutMax * 100)(text) / 100;
}
