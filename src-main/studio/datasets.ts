import type { DatasetSummary, ImportProposal, ProjectDetail } from '#shared/contract/types';
import { familyOf, isUntouchedPreset, proposeRecipe } from '#shared/recipe/presets';
import { clearDataset, undoClear } from '../store/dataset/clear';
import { importPictures } from '../store/dataset/import';
import { readDatasetSummary } from '../store/dataset/manifest';
import { openPack } from '../store/dataset/pack';
import type { ImportProgress } from '../store/dataset/types';
import { sampleSetSources } from '../store/sampleSet';
import type { StudioContext } from './context';
import type { AreaHandlers } from './handlers';
import type { OpenProject } from './openProject';

const PHASES: Readonly<Record<ImportProgress['phase'], string>> = {
  finding: 'Looking for pictures',
  looking: 'Looking at the pictures',
  decoding: 'Reading pictures',
  saving: 'Saving the pack',
};

export function datasetHandlers({ projects, offers, jobs, events }: StudioContext): AreaHandlers<'datasets'> {
  return {
    'datasets.offer': ({ paths }) => ({ sourceId: offers.add(paths) }),
    'datasets.import': async ({ projectId, source, size, channels, crop, background, everyFrame, jobId }) => {
      const open = await projects.writable(projectId);
      const sources =
        source.kind === 'sample'
          ? sampleSetSources()
          : offers.paths(source.sourceId).map((path) => ({ kind: 'path', path }) as const);
      const { summary, proposal } = await jobs.run(jobId, ({ progress, signal }) =>
        importPictures(open.project, sources, {
          size: size ?? sizeAskedFor(open),
          channels,
          fit: { crop, background },
          everyFrame,
          signal,
          onProgress: ({ phase, done, total }) => progress(PHASES[phase], done, total),
        }),
      );
      await suitRecipe(open, proposal);
      return { dataset: summary, proposal, recipe: changed(open, summary).recipe };
    },
    'datasets.thumbnails': async ({ projectId, from, count }) => {
      const { project } = await projects.get(projectId);
      const pack = await openPack(project);
      try {
        return await pack.pictures(from, count);
      } finally {
        await pack.close();
      }
    },
    'datasets.clear': async ({ projectId }) => {
      const open = await projects.writable(projectId);
      await clearDataset(open.project);
      return changed(open, undefined);
    },
    'datasets.undoClear': async ({ projectId }) => {
      const open = await projects.writable(projectId);
      await undoClear(open.project);
      return changed(open, await readDatasetSummary(open.project));
    },
  };

  function changed(open: OpenProject, dataset: DatasetSummary | undefined): ProjectDetail {
    open.dataset = dataset;
    const { detail } = open;
    events.emit('project.changed', { project: detail });
    return detail;
  }
}

/** The size of the preset that the project was made with, where one was asked for; otherwise the pictures decide. */
function sizeAskedFor({ project, recipe, dataset }: OpenProject): number | undefined {
  return project.presetChosen && !dataset ? recipe.image.size : undefined;
}

/** Gives a project whose recipe nobody edited the one of its family that suits its pictures. */
async function suitRecipe(open: OpenProject, { size, channels }: ImportProposal): Promise<void> {
  const { image } = open.recipe;
  if (image.size === size && image.channels === channels) return;
  const { state } = open.status.run;
  if (!isUntouchedPreset(open.recipe) || (state !== 'none' && state !== 'stopped')) return;
  const recipe = proposeRecipe({ size, channels }, familyOf(open.recipe));
  await open.project.writeRecipe(recipe);
  open.recipe = recipe;
}
