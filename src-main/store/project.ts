import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { Recipe, RECIPE_VERSION } from '#shared/recipe/recipe';
import { failDisk, makeFolder, readJson, readJsonIfPresent, systemCode, writeJson } from './atomic';
import type { Format } from './format';

const ProjectFile = z.strictObject({
  version: z.literal(1),
  id: z.uuid(),
  name: z.string().min(1).max(limits.nameLength),
  /** Whether the user asked for the recipe's preset, so that an import does not propose another. */
  presetChosen: z.boolean().default(false),
  /** ISO 8601. */
  createdAt: z.iso.datetime(),
});
type ProjectFile = z.output<typeof ProjectFile>;

const projectFormat: Format<ProjectFile> = { version: 1, schema: ProjectFile, migrations: {} };
export const recipeFormat: Format<Recipe> = { version: RECIPE_VERSION, schema: Recipe, migrations: {} };

/** A project: a plain folder that can be copied, moved and put under version control. Its paths are here, its rules in the files beside. */
export interface Project {
  /** Absolute. */
  readonly dir: string;
  readonly id: string;
  /** As last renamed through this object. */
  readonly name: string;
  readonly createdAt: string;
  readonly presetChosen: boolean;
  readRecipe(): Promise<Recipe>;
  writeRecipe(recipe: Recipe): Promise<void>;
  rename(name: string): Promise<void>;
}

const projectPath = (dir: string) => join(dir, 'project.json');
const recipePath = (dir: string) => join(dir, 'recipe.json');

function projectOf(dir: string, file: ProjectFile): Project {
  let current = file;
  return {
    dir,
    id: file.id,
    createdAt: file.createdAt,
    presetChosen: file.presetChosen,
    get name() {
      return current.name;
    },
    readRecipe: () => readJson(recipePath(dir), recipeFormat),
    writeRecipe: (recipe) => writeJson(recipePath(dir), recipe, recipeFormat),
    async rename(name) {
      const renamed = { ...current, name };
      await writeJson(projectPath(dir), renamed, projectFormat);
      current = renamed;
    },
  };
}

/** Makes a project in a new or empty folder; `project.exists` for anything else. */
export async function createProject(
  dir: string,
  {
    name,
    recipe,
    presetChosen = false,
  }: { readonly name: string; readonly recipe: Recipe; readonly presetChosen?: boolean },
): Promise<Project> {
  const path = resolve(dir);
  const present = await readdir(path).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    if (systemCode(error) === 'ENOTDIR') return fail('project.exists', { path });
    return failDisk(error, path);
  });
  if (present.length > 0) return fail('project.exists', { path });
  await makeFolder(path);
  const file: ProjectFile = { version: 1, id: randomUUID(), name, presetChosen, createdAt: new Date().toISOString() };
  // project.json last: it is what makes the folder a project.
  await writeJson(recipePath(path), recipe, recipeFormat);
  await writeJson(projectPath(path), file, projectFormat);
  return projectOf(path, file);
}

/** Opens a project's folder: `project.not-found`, `project.unreadable`, `project.newer`. Takes no lock. */
export async function openProject(dir: string): Promise<Project> {
  const path = resolve(dir);
  const file = await readJsonIfPresent(projectPath(path), projectFormat);
  if (!file) return fail('project.not-found', { path });
  return projectOf(path, file);
}
