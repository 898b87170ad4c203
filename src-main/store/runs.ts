import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { fail } from '#shared/contract/errors';
import { Recipe } from '#shared/recipe/recipe';
import { failDisk, makeSubfolder, readJson, readJsonIfPresent, systemCode, writeJson } from './atomic';
import type { Format } from './format';
import type { Project } from './project';

/** How a run last came to rest. Absent: it goes on, or the program died in the midst of it. */
const RunEnd = z.strictObject({
  reason: z.enum(['goal', 'user', 'interrupted', 'error']),
  step: z.int().min(0),
  /** With reason `error`: its code and facts (see contract/errors.ts). */
  error: z
    .strictObject({ code: z.string().max(80), facts: z.record(z.string().max(80), z.union([z.string(), z.number()])) })
    .optional(),
});
export type RunEnd = z.output<typeof RunEnd>;

const RunFile = z.strictObject({
  version: z.literal(2),
  recipe: Recipe,
  seed: z.int().min(0),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
  /** Whether it is computed in the usual forms alone, whatever is fastest on a machine. */
  untuned: z.boolean(),
  end: RunEnd.optional(),
});
type RunFile = z.output<typeof RunFile>;
const runFormat: Format<RunFile> = {
  version: 2,
  schema: RunFile,
  migrations: { 1: (old) => ({ ...old, untuned: false }) },
};

/** One training run: the recipe and seed that determine it; its metrics, samples and checkpoints lie in `dir`. */
export interface Run {
  readonly id: string;
  /** Absolute folder of the run. */
  readonly dir: string;
  readonly recipe: Recipe;
  readonly seed: number;
  readonly createdAt: string;
  readonly untuned: boolean;
  readonly end: RunEnd | undefined;
}

/** Runs are numbered, because a clock may be set back: 0001, 0002, … */
const RUN_ID = /^\d{4,9}$/;
const runsDir = (project: Pick<Project, 'dir'>) => join(project.dir, 'runs');
const runFile = (dir: string) => join(dir, 'run.json');

/** The folder of a run; refuses ids that are not a run's, so that one from outside never leads elsewhere. */
export function runDir(project: Pick<Project, 'dir'>, id: string): string {
  const dir = join(runsDir(project), id);
  return RUN_ID.test(id) ? dir : fail('project.unreadable', { file: dir, problem: 'there is no such run' });
}

async function runIds(project: Pick<Project, 'dir'>): Promise<readonly string[]> {
  try {
    const names = await readdir(runsDir(project));
    return names.filter((name) => RUN_ID.test(name)).sort((a, b) => Number(a) - Number(b));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    return fail('project.unreadable', { file: runsDir(project), problem: systemCode(error) ?? 'it cannot be listed' });
  }
}

const runOf = (dir: string, id: string, { recipe, seed, createdAt, untuned, end }: RunFile): Run => {
  return { id, dir, recipe, seed, createdAt, untuned, end };
};

/** Begins a run's folder, under the next number. */
export async function createRun(
  project: Pick<Project, 'dir'>,
  { recipe, seed, untuned = false }: { readonly recipe: Recipe; readonly seed: number; readonly untuned?: boolean },
): Promise<Run> {
  await makeSubfolder(runsDir(project));
  const id = String(Number((await runIds(project)).at(-1) ?? 0) + 1).padStart(4, '0');
  const dir = runDir(project, id);
  // Not recursive: the folder must be new.
  await mkdir(dir).catch((error: unknown) => failDisk(error, dir));
  const file: RunFile = { version: 2, recipe, seed, createdAt: new Date().toISOString(), untuned };
  await writeJson(runFile(dir), file, runFormat);
  return runOf(dir, id, file);
}

/** A run by its id. */
export async function readRun(project: Pick<Project, 'dir'>, id: string): Promise<Run> {
  const dir = runDir(project, id);
  return runOf(dir, id, await readJson(runFile(dir), runFormat));
}

/** The newest run of those that are wanted, or undefined where there is none. A folder that a crash left without its run.json is none. */
export async function latestRun(
  project: Pick<Project, 'dir'>,
  isWanted: (run: Run) => boolean = () => true,
): Promise<Run | undefined> {
  for (const id of (await runIds(project)).toReversed()) {
    const dir = runDir(project, id);
    const file = await readJsonIfPresent(runFile(dir), runFormat);
    const run = file && runOf(dir, id, file);
    if (run && isWanted(run)) return run;
  }
  return undefined;
}

/** Writes down how a run came to rest; undefined when it goes on again. */
export async function recordRunEnd(run: Run, end: RunEnd | undefined): Promise<Run> {
  const { recipe, seed, createdAt, untuned } = run;
  const file: RunFile = { version: 2, recipe, seed, createdAt, untuned, ...(end && { end }) };
  await writeJson(runFile(run.dir), file, runFormat);
  return { ...run, end };
}
