import { Command, Option } from 'commander';
import type { Budget } from '#shared/contract/api';
import { fail, fromErrorData } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { checkRecipe } from '#shared/recipe/check';
import { withClasses, withoutClasses } from '#shared/recipe/conditional';
import type { EngineId, ProjectDetail, ProviderId, RunStatus } from '#shared/contract/types';
import type { Recipe } from '#shared/recipe/recipe';
import type { Studio } from '../../../studio/studio';
import { engineOption, integer, positive, providerOption } from '../options';
import { ProgressLine } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly steps?: number;
  readonly images?: number;
  readonly minutes?: number;
  readonly seed?: number;
  readonly provider: ProviderId | 'auto';
  readonly engine: EngineId | 'auto';
  readonly batch?: number;
  readonly tuned?: boolean;
  readonly untuned?: boolean;
  readonly ownProcess?: boolean;
  readonly fresh?: boolean;
  readonly conditional?: boolean;
  readonly unconditional?: boolean;
  readonly json?: boolean;
}

export function trainCommand(): Command {
  return new Command('train')
    .description('train a project’s networks: one line of JSON a report; Ctrl-C stops at a checkpoint')
    .argument('<project>', 'the project’s folder')
    .addOption(
      new Option('--steps <number>', 'so many more steps; else up to the recipe’s goal')
        .argParser(integer(1, limits.stepsMax))
        .conflicts(['images', 'minutes']),
    )
    .addOption(
      new Option('--images <number>', 'so many more real pictures seen')
        .argParser(integer(1, limits.stepsMax))
        .conflicts('minutes'),
    )
    .addOption(new Option('--minutes <number>', 'so much longer').argParser(positive))
    .option('--seed <number>', 'of a new run; else it is drawn', integer(0))
    .addOption(providerOption())
    .addOption(engineOption())
    .option('--batch <number>', 'pictures a step; else the recipe’s', integer(limits.batchMin, limits.batchMax))
    .addOption(
      new Option(
        '--tuned',
        'find out which ways of computing are fastest here, and keep to them; so a new run does whose seed is drawn',
      ).conflicts('untuned'),
    )
    .option(
      '--untuned',
      'time nothing: the same seed gives the same bits in any project; so a new run does whose seed is given',
    )
    .option(
      '--own-process',
      'in a process of its own, which a crash of a device’s driver ends alone; so it is anyway after a run in which the program died',
    )
    .option('--fresh', 'begin a new run, though the last could go on')
    .addOption(
      new Option('--conditional', 'networks that look at the pictures’ classes; kept for later').conflicts(
        'unconditional',
      ),
    )
    .option('--unconditional', 'networks that look at no classes; kept for later')
    .action(async (project: string, options: Options) => {
      const end = await withStudio((studio) => trainHere(studio, project, options));
      if (end.run.state !== 'stopped') return;
      if (end.run.error) throw fromErrorData(end.run.error);
      if (!options.json) process.stderr.write(`${closingWords(end)}\n`);
    });
}

/** Starts, prints the reports, and waits for the end of the run. */
async function trainHere(studio: Studio, project: string, options: Options): Promise<RunStatus> {
  const detail = await studio.call('projects.openAt', { path: project }, 'host');
  const projectId = detail.summary.id;
  const recipe = recipeWanted(detail, options);
  if (recipe !== detail.recipe) await studio.call('recipe.set', { projectId, recipe }, 'host');
  for (const warning of checkRecipe(recipe).warnings) process.stderr.write(`${warning}\n`);
  const ended = new Promise<RunStatus>((resolve) => {
    const follow = follower(options);
    studio.onEvent((message) => {
      if (message.event === 'training.report') process.stdout.write(`${JSON.stringify(message.data.report)}\n`);
      if (message.event !== 'training.status') return;
      follow(message.data);
      if (message.data.run.state === 'stopped') resolve(message.data);
    });
  });
  const stopListening = onInterrupt(() => studio.call('training.stop', { projectId }, 'host'));
  try {
    const { seed, batch, fresh = false, provider, engine, tuned, ownProcess } = options;
    const untuned = tuned ? false : options.untuned;
    const choices = { seed, fresh, provider, engine, untuned, ownProcess, batchSize: batch };
    await studio.call('training.start', { projectId, budget: budgetOf(options), ...choices }, 'host');
    return await ended;
  } finally {
    stopListening();
  }
}

/** The project's recipe, with or without classes as asked for. */
function recipeWanted({ recipe, curation }: ProjectDetail, { conditional, unconditional }: Options): Recipe {
  if (unconditional) return withoutClasses(recipe);
  if (!conditional) return recipe;
  const classes = curation.classes.map(({ name }) => name);
  return classes.length < 2 ? fail('dataset.no-classes') : withClasses(recipe, classes);
}

function budgetOf({ steps, images, minutes }: Options): Budget {
  if (steps !== undefined) return { kind: 'steps', steps };
  if (images !== undefined) return { kind: 'images', images };
  return minutes === undefined ? { kind: 'goal' } : { kind: 'minutes', minutes };
}

/** Calls `stop` at the first Ctrl-C; later ones wait for the same checkpoint. Returns how to end listening. */
function onInterrupt(stop: () => Promise<unknown>): () => void {
  let stopping = false;
  const listener = (): void => {
    process.stderr.write(stopping ? 'Still saving the checkpoint …\n' : 'Stopping at a checkpoint …\n');
    if (stopping) return;
    stopping = true;
    // The run may have ended by itself in the same moment.
    stop().catch(() => undefined);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

/** Shows progress where somebody watches and stdout goes elsewhere, and each new warning once. */
function follower({ json }: Options): (status: RunStatus) => void {
  const line = new ProgressLine();
  let warned: string | undefined;
  return ({ run, step, goal, secondsLeft, warning }) => {
    if (warning && warning.message !== warned) process.stderr.write(`${warning.message}\n${warning.hint}\n`);
    warned = warning?.message;
    if (json || process.stdout.isTTY) return;
    if (run.state === 'preparing') line.show(`${run.phase} …`);
    else if (run.state !== 'training') line.clear();
    else line.show(`Step ${step} of ${goal}${secondsLeft === undefined ? '' : `, ${Math.ceil(secondsLeft)} s left`}`);
  };
}

function closingWords({ run, step, goal }: RunStatus): string {
  const reason = run.state === 'stopped' ? run.reason : fail('defect', { problem: `the run is ${run.state}` });
  if (step === 0) return 'Stopped before the first step. The same command begins again.';
  return reason === 'goal'
    ? `Done: step ${step}.`
    : `Stopped at step ${step} of ${goal}, saved. The same command goes on from there.`;
}
