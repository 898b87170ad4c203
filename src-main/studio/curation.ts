import { fail } from '#shared/contract/errors';
import type { PictureBatch } from '#shared/contract/types';
import { checkSources } from '../store/dataset/checkSources';
import { openPack } from '../store/dataset/pack';
import { describePictures, overviewOf, statisticsOf } from '../store/dataset/overview';
import { openGroups } from '../store/dataset/pictureMarks';
import type { StudioContext } from './context';
import type { AreaHandlers } from './handlers';
import type { OpenProject } from './openProject';

export function curationHandlers({
  projects,
  offers,
  jobs,
  curator,
  sampler,
}: StudioContext): AreaHandlers<'curation'> {
  return {
    'curation.overview': async ({ projectId, sort }) => {
      const { table, record } = await curator.read(await projects.get(projectId));
      return overviewOf(table, record, sort);
    },
    'curation.describe': async ({ projectId, indices }) => {
      const { table, record } = await curator.read(await projects.get(projectId));
      return describePictures(table, record, indices);
    },
    'curation.thumbnails': async ({ projectId, indices }) => picturesAt(await projects.get(projectId), indices),
    'curation.alike': async ({ projectId, from, count }) => {
      const { table, record } = await curator.read(await projects.get(projectId));
      const groups = openGroups(table, record.curation);
      return { groups: groups.slice(from, from + count), total: groups.length };
    },
    'curation.statistics': async ({ projectId, filter }) => {
      const { table, record } = await curator.read(await projects.get(projectId));
      return statisticsOf(table, record, filter);
    },
    'curation.edit': async ({ projectId, edit, jobId }) => {
      const open = await projects.writable(projectId);
      return jobs.run(jobId, (job) => curator.edit(open, edit, job));
    },
    'curation.undo': async ({ projectId, jobId }) => {
      const open = await projects.writable(projectId);
      return jobs.run(jobId, (job) => curator.undo(open, job));
    },
    'curation.redo': async ({ projectId, jobId }) => {
      const open = await projects.writable(projectId);
      return jobs.run(jobId, (job) => curator.redo(open, job));
    },
    'curation.checkFiles': async ({ projectId, jobId }) => {
      const { project } = await projects.get(projectId);
      return jobs.run(jobId, ({ signal, progress }) =>
        checkSources(project, { signal, onProgress: (done, total) => progress('Looking at the files', done, total) }),
      );
    },
    'curation.relink': async ({ projectId, sourceId, jobId }) => {
      const open = await projects.writable(projectId);
      const sources = offers.sources(sourceId);
      return jobs.run(jobId, (job) => curator.relink(open, sources, job));
    },
    'curation.fitPreview': async ({ projectId, index, fit, ...format }) =>
      curator.preview(await projects.get(projectId), index, fit, format),
    'curation.augmentPreview': async ({ projectId, indices, ...order }) => {
      const pictures = await picturesAt(await projects.get(projectId), indices);
      return pictures.count > 0 ? sampler.augment({ pictures, ...order }) : fail('dataset.none-selected');
    },
  };
}

async function picturesAt({ project }: OpenProject, indices: readonly number[]): Promise<PictureBatch> {
  const pack = await openPack(project);
  try {
    return await pack.picturesAt(indices);
  } finally {
    await pack.close();
  }
}
