import type { DatasetSummary, ProjectDetail, ReportedFile, ReportedFiles } from '#shared/contract/types';
import { fail } from '#shared/contract/errors';
import { clearDataset, undoClear } from '../store/dataset/clear';
import { importPictures } from '../store/dataset/import';
import { listImports, readReportedFiles } from '../store/dataset/importReports';
import { readDatasetSummary } from '../store/dataset/manifest';
import { openPack } from '../store/dataset/pack';
import { readReportedVideo } from '../store/dataset/reportedVideo';
import type { ImportOptions, ImportProgress } from '../store/dataset/types';
import { sampleSetSources } from '../store/sampleSet';
import type { StudioContext } from './context';
import type { AreaHandlers } from './handlers';
import { ImportReporter } from './importReporter';
import type { OpenProject } from './openProject';
import { suitRecipe } from './suitRecipe';

const PHASES: Readonly<Record<ImportProgress['phase'], string>> = {
  finding: 'Looking for pictures',
  looking: 'Looking at the pictures',
  decoding: 'Reading pictures',
  saving: 'Saving the pack',
};

export function datasetHandlers(context: StudioContext): AreaHandlers<'datasets'> {
  const { projects, offers, jobs, events, curator, openDecoders } = context;
  return {
    'datasets.offer': ({ paths, adopted }) => ({ sourceId: offers.add(paths, adopted) }),
    'datasets.import': async ({ projectId, source, size, channels, crop, background, everyFrame, leftOut, jobId }) => {
      const open = await projects.writable(projectId);
      const sources = source.kind === 'sample' ? sampleSetSources() : offers.sources(source.sourceId);
      const importing = jobs.run(jobId, async (job) => {
        const { id, progress, signal } = job;
        const reporter = new ImportReporter(events, id);
        const settings: ImportOptions = {
          size: size ?? sizeAskedFor(open),
          channels,
          fit: { crop, background },
          everyFrame,
          leftOut,
          signal,
          onProgress: ({ phase, done, total }) => progress(PHASES[phase], done, total),
          onReport: reporter.grown,
        };
        const imported = await importPictures(open.project, sources, settings, openDecoders).finally(() =>
          reporter.end(),
        );
        await open.takeDataset(imported.summary);
        // What was cropped by hand before it was cleared is so again. Cancelled now, it waits for the next import; this one is done.
        await curator.fitAgain(open, job).catch((error: unknown) => {
          if (!signal.aborted) throw error;
        });
        return imported.proposal;
      });
      const proposal = await importing.catch(async (error: unknown) => {
        await open.findUnfinished();
        events.emit('project.changed', { project: open.detail });
        throw error;
      });
      await suitRecipe(open, proposal);
      const dataset = open.dataset ?? fail('dataset.empty');
      events.emit('project.changed', { project: open.detail });
      return { dataset, proposal, recipe: open.recipe };
    },
    'datasets.reports': async ({ projectId }) => listImports((await projects.get(projectId)).project),
    'datasets.reportedFiles': async ({ projectId, import: number, ...wanted }) => {
      const open = await projects.get(projectId);
      const page = await readReportedFiles(open.project, number, wanted);
      return { ...page, places: await placesOf(open, page.files) };
    },
    'datasets.videoPart': async ({ projectId, ...part }) =>
      readReportedVideo((await projects.get(projectId)).project, part),
    'datasets.thumbnails': async ({ projectId, of, from, count }) => {
      const open = await projects.get(projectId);
      const trained = of === 'trained' ? await curator.trained(open) : undefined;
      const pack = await openPack(open.project);
      try {
        return await (trained ? pack.picturesAt(trained.slice(from, from + count)) : pack.pictures(from, count));
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

  /** Places of the pictures that duplicates equal; only where there are some are all pictures looked at. */
  async function placesOf(open: OpenProject, files: readonly ReportedFile[]): Promise<ReportedFiles['places']> {
    const ids = files.flatMap((file) => ('picture' in file ? [file.picture.id] : []));
    if (ids.length === 0 || !open.dataset) return {};
    const { table } = await curator.read(open);
    return Object.fromEntries(
      ids.flatMap((id) => {
        const place = table.placeOf(id);
        return place === undefined ? [] : [[id, place]];
      }),
    );
  }

  async function changed(open: OpenProject, dataset: DatasetSummary | undefined): Promise<ProjectDetail> {
    await open.takeDataset(dataset);
    const { detail } = open;
    events.emit('project.changed', { project: detail });
    return detail;
  }
}

/** The size of the preset that the project was made with, where one was asked for; otherwise the pictures decide. */
function sizeAskedFor({ project, recipe, dataset }: OpenProject): number | undefined {
  return project.presetChosen && !dataset ? recipe.image.size : undefined;
}
