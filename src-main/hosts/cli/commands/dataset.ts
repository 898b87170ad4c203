import { Argument, Command, Option } from 'commander';
import { limits } from '#shared/contract/limits';
import { pictureFlagNames } from '#shared/contract/pictureFlags';
import { viewIds } from '#shared/dataset/marks';
import { unfinishedSentence } from '#shared/dataset/unfinishedImport';
import type { Studio } from '../../../studio/studio';
import { actions, type DatasetOptions, type Said } from '../datasetActions';
import { integer } from '../options';
import { printPieces, printResult } from '../report';
import { withStudio } from '../withStudio';

const names = Object.keys(actions);

export function datasetCommand(): Command {
  return new Command('dataset')
    .description(`what is trained on: ${names.map((name) => `${name} (${actions[name]?.summary})`).join('; ')}`)
    .argument('<project>', 'the project’s folder')
    .addArgument(new Argument('<action>', 'what to do').choices(names))
    .argument('[pictures...]', 'pictures by number, content hash, or a pattern of file names (in quotes)')
    .addOption(new Option('--view <view>', 'pictures of this view, in place of named ones').choices(viewIds))
    .addOption(
      new Option('--flag <flag>', 'of the view, those that the import noted this of').choices(pictureFlagNames),
    )
    .option('--min-side <pixels>', 'of the view, those whose files’ shorter side is at least this', integer(1))
    .option('--max-side <pixels>', 'of the view, those whose files’ shorter side is at most this', integer(1))
    .option('--class <name>', 'of the view, those of this class; with “assign”: the class that pictures get')
    .option('--to <name>', 'with “rename”: the new name; an existing one merges two classes')
    .option('--held-out <percent>', 'with “split”: so many are kept from training', share)
    .option('--seed <number>', 'with “split”: draws others', integer(0))
    .option('--balanced', 'with “sampling”: all classes equally often')
    .option('--weight <class=number...>', 'with “sampling”: how often a class is shown, compared with the others')
    .addOption(
      new Option('--crop <way>', 'with “crop”: how pictures become squares').choices([
        'centre',
        'attention',
        'letterbox',
        'stretch',
      ]),
    )
    .option('--region <left,top,width,height>', 'with “crop”: the part that is used, as fractions of the sides')
    .option('--background <#rrggbb>', 'with “crop”: behind what is transparent, and in the bars')
    .option(
      '--size <pixels>',
      'with “crop”: side of all training pictures',
      integer(limits.imageSideMin, limits.imageSideMax),
    )
    .addOption(
      new Option('--channels <number>', 'with “crop”: all pictures grey (1) or in colour (3)').choices(['1', '3']),
    )
    .option('--limit <number>', 'with “list”: at most so many', integer(1, limits.datasetPictures), 100)
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
