import { basename, join, resolve } from 'node:path';
import { fail, GanvasError } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { ProjectDetail, ProjectSummary } from '#shared/contract/types';
import { presetRecipe, presets } from '#shared/recipe/presets';
import { newestCheckpointStep } from '../store/checkpoints';
import { readDatasetSummary } from '../store/dataset/manifest';
import { createProject, openProject } from '../store/project';
import type { RecentProject } from '../store/recent';
import { latestRun } from '../store/runs';
import type { StudioContext } from './context';
import type { AreaHandlers } from './handlers';
import { slugOf } from './slug';

/** Projects of one name are numbered up to here. */
const SAME_NAME = 1000;

export function projectHandlers({ options, projects, events }: StudioContext): AreaHandlers<'projects'> {
  return {
    'projects.recent': async () => summaries(await projects.recent()),
    'projects.open': async ({ projectId }) => {
      const open = await projects.get(projectId);
      return (await projects.openAt(open.project.dir)).detail;
    },
    'projects.openAt': async ({ path }) => (await projects.openAt(path)).detail,
    'projects.create': async ({ name, preset }) => {
      const folder = join(options.home, 'projects', slugOf(name));
      for (let number = 1; number <= SAME_NAME; number++) {
        const dir = number === 1 ? folder : `${folder}-${number}`;
        try {
          return await create(dir, name, preset);
        } catch (error) {
          if (!(error instanceof GanvasError) || error.code !== 'project.exists') throw error;
        }
      }
      return fail('project.exists', { path: folder });
    },
    'projects.createAt': ({ path, preset }) => create(resolve(path), nameOf(path), preset),
    'projects.rename': async ({ projectId, name }) => {
      const open = await projects.writable(projectId);
      await projects.rename(open, name);
      events.emit('project.changed', { project: open.detail });
      return open.detail;
    },
    'projects.forget': async ({ projectId }) => summaries(await projects.forget(projectId)),
  };

  /** The recent projects that are still there: open ones with their run as it is now, others as they are on disk. */
  async function summaries(recent: readonly RecentProject[]): Promise<ProjectSummary[]> {
    const found = await Promise.all(
      recent.map(async (entry) => {
        const summary = await summaryOf(entry).catch(() => undefined);
        const open = projects.peek(entry.id, entry.path);
        return summary && open ? { ...summary, step: open.status.step, run: open.status.run } : summary;
      }),
    );
    return found.filter((summary) => summary !== undefined);
  }

  async function create(dir: string, name: string, preset: string | undefined): Promise<ProjectDetail> {
    // Until its pictures are known a project has the first preset, in colour; an import proposes what suits them.
    const recipe = presetRecipe(preset ?? presets[0]?.id ?? '', 3);
    await createProject(dir, { name, recipe, presetChosen: preset !== undefined });
    return (await projects.openAt(dir)).detail;
  }
}

/** A project's name from its folder. */
function nameOf(path: string): string {
  return basename(resolve(path)).trim().slice(0, limits.nameLength) || 'Project';
}

async function summaryOf({ path, openedAt }: RecentProject): Promise<ProjectSummary> {
  const project = await openProject(path);
  const [dataset, run] = await Promise.all([readDatasetSummary(project), latestRun(project)]);
  const step = (run && (await newestCheckpointStep(run.dir))) ?? 0;
  return { id: project.id, name: project.name, path, pictures: dataset?.images ?? 0, step, openedAt };
}
