import { Command } from 'commander';
import { limits } from '#shared/contract/limits';
import type { MemoryEstimate } from '#shared/contract/types';
import { integer } from '../options';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly batch?: number;
  readonly json?: boolean;
}

export function estimateCommand(): Command {
  return new Command('estimate')
    .description('say how much memory training would take, before anything is trained')
    .argument('<project>', 'the project’s folder')
    .option('--batch <number>', 'pictures a step; else the recipe’s', integer(limits.batchMin, limits.batchMax))
    .action(async (project: string, { batch, json }: Options) => {
      const estimate = await withStudio(async (studio) => {
        const { recipe } = await studio.call('projects.openAt', { path: project }, 'host');
        return studio.call('recipe.memory', { recipe, ...(batch !== undefined && { batchSize: batch }) }, 'host');
      });
      printResult(json, estimate, inWords(estimate));
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

const megabytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MB`;
