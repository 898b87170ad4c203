import { join } from 'node:path';
import { fail } from '#shared/contract/errors';
import {
  nativeEngines,
  type EnginePlan,
  type EnginesReport,
  type NativeEngine,
  type NativeEngineId,
} from '#shared/contract/nativeEngines';
import { BINDING, findNativePackages } from '../engine/nativePackages';
import { exists } from '../store/atomic';
import { keepOnly, linkBeside, makeFolderOf, removeEngine, stageEngine } from '../store/engineFolder';
import type { StudioContext } from './context';
import {
  downloadGb,
  enginesFolder,
  folders,
  isLibrary,
  keptAfterBuild,
  manifestOf,
  packageFolder,
  planOf,
  shellLine,
  type PlannedCommand,
} from './enginePlan';
import { findBuildTools, runPlanned } from './engineTools';
import type { AreaHandlers } from './handlers';
import type { Job } from './jobs';

const computesOn: Readonly<Record<NativeEngineId, string>> = {
  'tfjs-node-gpu': 'NVIDIA GPU (CUDA)',
  'tfjs-node': 'CPU',
};

export function engineHandlers({ options, jobs }: StudioContext): AreaHandlers<'engines'> {
  const folderOf = (engine: NativeEngineId): string => join(enginesFolder(options.home), engine);
  return {
    'engines.list': listEngines,
    'engines.plan': ({ engine }) => describePlan(engine, folderOf(engine)),
    'engines.add': ({ engine, jobId }) => jobs.run(jobId, (job) => add(engine, folderOf(engine), job)),
    'engines.remove': async ({ engine }) => {
      if (!(await removeEngine(folderOf(engine)))) fail('engines.absent', { engine });
      return listEngines();
    },
  };
}

/** Reads what lies on disk; whether it works is for `app.doctor`, which loads it where a crash does no harm. */
export async function listEngines(): Promise<EnginesReport> {
  const found = await Promise.all(
    findNativePackages().map(async (one) => ({ ...one, ready: await exists(join(one.folder, BINDING)) })),
  );
  const engines = nativeEngines.map((id): NativeEngine => {
    const here = found.filter(({ name }) => name === id);
    const best = here.find(({ ready }) => ready) ?? here[0];
    return {
      id,
      computesOn: computesOn[id],
      state: best ? (best.ready ? 'ready' : 'incomplete') : 'absent',
      ...(best && { folder: best.folder, version: best.version }),
      command: `ganvas engines add ${id}`,
    };
  });
  return { engines, used: engines.find(({ state }) => state === 'ready')?.id };
}

async function describePlan(engine: NativeEngineId, folder: string): Promise<EnginePlan> {
  const plan = planOf(engine, await findBuildTools());
  return {
    engine,
    folder,
    commands: plan.commands.map(shellLine),
    downloadGb: downloadGb(engine),
    ...(plan.kind === 'byHand' && { obstacle: plan.obstacle }),
  };
}

/** Builds in a folder of its own, which takes the engine's name once its binding was seen to load. */
async function add(engine: NativeEngineId, target: string, job: Job): Promise<EnginesReport> {
  if (await exists(target)) fail('engines.present', { engine, folder: target });
  const plan = planOf(engine, await findBuildTools());
  if (plan.kind === 'byHand') {
    const commands = [`mkdir -p '${target}' && cd '${target}'`, ...plan.commands.map(shellLine)].join(' && ');
    return fail('engines.by-hand', { engine, obstacle: plan.obstacle, commands });
  }
  const staged = await stageEngine(target, manifestOf(engine));
  try {
    await build(engine, plan.commands, staged.folder, job);
    await staged.finish();
  } finally {
    await staged.discard();
  }
  return listEngines();
}

async function build(
  engine: NativeEngineId,
  commands: readonly PlannedCommand[],
  folder: string,
  { progress, signal }: Job,
): Promise<void> {
  for (const [index, command] of commands.entries()) {
    progress(command.title, index, commands.length);
    await runPlanned(engine, command, folder, signal);
    if (index > 0) continue;
    // The kernels ask for the core by its own name too; and the compiler makes no folder.
    await linkBeside(join(folder, 'node_modules/@tensorflow/tfjs-core'), 'tfjs');
    await makeFolderOf(join(folder, packageFolder(engine), BINDING));
  }
  await keepOnly(join(folder, folders.python), keptAfterBuild);
  await keepOnly(join(folder, folders.libraries), isLibrary);
  progress('Done', commands.length, commands.length);
}
