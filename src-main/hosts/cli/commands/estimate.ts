import { Command } from 'commander';
import type { Params } from '#shared/contract/api';
import { limits } from '#shared/contract/limits';
import type { MemoryEstimate, StepTime } from '#shared/contract/types';
import { checkRecipe } from '#shared/recipe/check';
import { engineOption, integer, providerOption } from '../options';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly batch?: number;
  readonly time?: boolean;
  readonly engine: Params<'recipe.time'>['engine'];
  readonly provider: Params<'recipe.time'>['provider'];
  readonly json?: boolean;
}

export function estimateCommand(): Command {
  return new Command('estimate')
    .description('say how much memory training would take, and with --time how long a step, before anything is trained')
    .argument('<project>', 'the project’s folder')
    .option('--batch <number>', 'pictures a step; else the recipe’s', integer(limits.batchMin, limits.batchMax))
    .option('--time', 'do some steps and say how long one takes on this machine')
    .addOption(engineOption())
    .addOption(providerOption())
    .action(async (project: string, { batch, time, engine, provider, json }: Options) => {
      const { steps, estimate, timed, warnings } = await withStudio(async (studio) => {
        const { recipe } = await studio.call('projects.openAt', { path: project }, 'host');
        const params = { recipe, ...(batch !== undefined && { batchSize: batch }) };
        const estimate = await studio.call('recipe.memory', params, 'host');
        const timed = time ? await studio.call('recipe.time', { ...params, engine, provider }, 'host') : undefined;
        return { steps: recipe.training.steps, estimate, timed, warnings: checkRecipe(recipe).warnings };
      });
      const words = [inWords(estimate), ...(timed ? [timeInWords(timed, steps)] : []), ...warnings].join('\n');
      printResult(
        json,
        { ...estimate, warnings, ...(timed && { time: { ...timed, steps, seconds: secondsOf(timed, steps) } }) },
        words,
      );
    });
}

function inWords({ batchSize, bytes, stateBytes, stepBytes, presentBytes, fits, remedy }: MemoryEstimate): string {
  const parts = `${megabytes(stateBytes)} for weights and moments, ${megabytes(stepBytes)} for a step`;
  const whole = `Batches of ${batchSize} take about ${megabytes(bytes)}: ${parts}. The machine has ${megabytes(presentBytes)}.`;
  if (fits) return whole;
  const way = remedy
    ? `It fits in ${remedy.microBatches} micro-batches (${megabytes(remedy.bytes)}): ganvas recipe PROJECT set training.microBatches ${remedy.microBatches}`
    : 'No number of micro-batches makes it fit: give its layers fewer outputs, or take a smaller batch';
  return `${whole}\n${way}`;
}

const secondsOf = ({ msPerStep }: StepTime, steps: number): number => (msPerStep * steps) / 1000;

function timeInWords(time: StepTime, steps: number): string {
  const { msPerStep, imagesPerSecond, device } = time;
  const minutes = (secondsOf(time, steps) / 60).toFixed(1);
  return `A step takes ${msPerStep.toFixed(1)} ms on ${device}: ${imagesPerSecond.toFixed(0)} pictures a second. ${steps} steps would take about ${minutes} minutes.`;
}

/** As the window has them. */
const megabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
