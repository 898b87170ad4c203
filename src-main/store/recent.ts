import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GanvasError } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { makeFolder, readJsonIfPresent, writeJson } from './atomic';
import type { Format } from './format';

const RecentProject = z.strictObject({
  id: z.uuid(),
  name: z.string().max(limits.nameLength),
  /** Absolute folder. */
  path: z.string().max(4096),
  /** ISO 8601. */
  openedAt: z.iso.datetime(),
});
export type RecentProject = z.output<typeof RecentProject>;

const RecentFile = z.strictObject({
  version: z.literal(1),
  projects: z.array(RecentProject).max(limits.recentProjects),
});
const recentFormat: Format<z.output<typeof RecentFile>> = { version: 1, schema: RecentFile, migrations: {} };

const recentPath = (home: string) => join(home, 'recent.json');

/** Projects opened of late, newest first; the list lies in `home`, the program's own folder. A damaged list is put aside and begun anew: it must never keep the program from starting. */
export async function readRecent(home: string): Promise<readonly RecentProject[]> {
  try {
    return (await readJsonIfPresent(recentPath(home), recentFormat))?.projects ?? [];
  } catch (error) {
    if (!(error instanceof GanvasError)) throw error;
    await rename(recentPath(home), join(home, `recent.damaged-${Date.now()}.json`)).catch(() => undefined);
    return [];
  }
}

async function writeRecent(home: string, projects: readonly RecentProject[]): Promise<readonly RecentProject[]> {
  await makeFolder(home);
  const kept = projects.slice(0, limits.recentProjects);
  await writeJson(recentPath(home), { version: 1, projects: kept }, recentFormat);
  return kept;
}

/** Puts a project at the head of the list. An entry with its id or its folder is replaced (a copied folder has its original's id). */
export async function rememberProject(
  home: string,
  project: Pick<RecentProject, 'id' | 'name'> & { readonly dir: string },
): Promise<readonly RecentProject[]> {
  const others = (await readRecent(home)).filter(({ id, path }) => id !== project.id && path !== project.dir);
  const entry = { id: project.id, name: project.name, path: project.dir, openedAt: new Date().toISOString() };
  return writeRecent(home, [entry, ...others]);
}

/** Takes a project off the list; its folder stays. */
export async function forgetProject(home: string, id: string): Promise<readonly RecentProject[]> {
  return writeRecent(
    home,
    (await readRecent(home)).filter((project) => project.id !== id),
  );
}
