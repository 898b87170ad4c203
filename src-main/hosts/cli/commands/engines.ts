import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { Argument, Command } from 'commander';
import { fail } from '#shared/contract/errors';
import {
  nativeEngines,
  type EnginePlan,
  type EnginesReport,
  type NativeEngine,
  type NativeEngineId,
} from '#shared/contract/nativeEngines';
import type { Studio } from '../../../studio/studio';
import { printResult } from '../report';
import { withStudio } from '../withStudio';

interface Options {
  readonly yes?: boolean;
  readonly json?: boolean;
}

type Action = 'list' | 'add' | 'remove';

export function enginesCommand(): Command {
  return new Command('engines')
    .description('TensorFlow’s native library for the eager engine: list what is there, add it, remove it')
    .addArgument(new Argument('[action]', 'what to do').choices(['list', 'add', 'remove']).default('list'))
    .addArgument(new Argument('[engine]', 'which one').choices(nativeEngines))
    .option('--yes', 'do not ask before anything is changed')
    .action(async (action: Action, engine: NativeEngineId | undefined, options: Options) => {
      const report = await withStudio((studio) => act(studio, action, engine, options));
      printResult(options.json, report, inWords(report));
    });
}

async function act(
  studio: Studio,
  action: Action,
  engine: NativeEngineId | undefined,
  options: Options,
): Promise<EnginesReport> {
  if (action === 'list') return studio.call('engines.list', {}, 'host');
  if (!engine) {
    const problem = `name one of ${nativeEngines.join(', ')}`;
    return fail('option.invalid', { option: 'The engine', value: 'missing', problem });
  }
  if (action === 'remove') {
    await confirm(`Remove ${engine} and the TensorFlow under it?`, options);
    return studio.call('engines.remove', { engine }, 'host');
  }
  const plan = await studio.call('engines.plan', { engine }, 'host');
  // By hand: the call itself says why and how, with nothing to agree to.
  if (plan.obstacle === undefined) await confirm(question(plan), options);
  return addUntilInterrupted(studio, engine);
}

/** Ctrl-C cancels, so that nothing half fetched stays behind. */
async function addUntilInterrupted(studio: Studio, engine: NativeEngineId): Promise<EnginesReport> {
  const jobId = randomUUID();
  const cancel = (): void => void studio.call('jobs.cancel', { jobId }, 'host');
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, cancel);
  try {
    return await studio.call('engines.add', { engine, jobId }, 'host');
  } finally {
    for (const signal of signals) process.off(signal, cancel);
  }
}

/** Asks on a terminal; without one, or without a yes, nothing is done. */
async function confirm(text: string, { yes }: Options): Promise<void> {
  if (yes) return;
  process.stderr.write(`${text}\n`);
  if (!process.stdin.isTTY) fail('engines.unconfirmed');
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await reader.question('Go ahead? (y/N) ');
  reader.close();
  if (!/^y(es)?$/i.test(answer.trim())) fail('engines.unconfirmed');
}

const question = ({ engine, folder, commands, downloadGb }: EnginePlan): string =>
  [
    `${engine} would be made in ${folder}, about ${downloadGb} GB to fetch, by these commands:`,
    ...commands.map((line) => `  ${line}`),
  ].join('\n');

function inWords({ engines, used }: EnginesReport): string {
  return [...engines.map(describe), `The eager engine uses ${used ?? 'TensorFlow.js’s own JavaScript'}.`].join('\n');
}

function describe({ id, computesOn, state, folder, version, command }: NativeEngine): string {
  const name = `${id.padEnd(15)}${computesOn.padEnd(19)}`;
  switch (state) {
    case 'ready':
      return `${name}${version} in ${folder}; “ganvas doctor” tries it`;
    case 'incomplete':
      return `${name}${version} in ${folder}, but its binding was not built. Remove it, then: ${command}`;
    case 'absent':
      return `${name}not installed. To add it: ${command}`;
  }
}
