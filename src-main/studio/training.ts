import { fail } from '#shared/contract/errors';
import type { TrainingReport } from '#shared/contract/types';
import { readMetrics } from '../store/metrics';
import { listSampleSheets, readSampleSheet } from '../store/samples';
import type { StudioContext } from './context';
import type { AreaHandlers } from './handlers';
import type { OpenProject } from './openProject';

export function trainingHandlers({ projects, runs }: StudioContext): AreaHandlers<'training'> {
  return {
    'training.start': async (params) => runs.start(await projects.writable(params.projectId), params),
    'training.pause': async ({ projectId }) => runs.pause(await projects.get(projectId)),
    'training.resume': async ({ projectId }) => runs.resume(await projects.get(projectId)),
    'training.stop': async ({ projectId }) => runs.stop(await projects.get(projectId)),
    'training.status': async ({ projectId }) => (await current(projectId)).status,
    'training.history': async ({ projectId, points }) => {
      const { run } = await current(projectId);
      return { runId: run?.id, reports: run ? thinned(await readMetrics(run.dir), points) : [] };
    },
    'training.sampleSteps': async ({ projectId }) => {
      const { run } = await current(projectId);
      return run ? listSampleSheets(run.dir) : [];
    },
    'training.samplesAt': async ({ projectId, step }) => {
      const { run } = await current(projectId);
      if (!run) return fail('training.no-checkpoint');
      return { runId: run.id, step, pictures: await readSampleSheet(run.dir, step) };
    },
  };

  /** The project as it is now; one that another program may be training is read again. */
  async function current(projectId: string): Promise<OpenProject> {
    const open = await projects.get(projectId);
    if (!open.lock) await open.refresh();
    return open;
  }
}

/** At most `points` reports, spread evenly over all of them, the first and the last included. */
export function thinned(reports: readonly TrainingReport[], points: number): readonly TrainingReport[] {
  if (reports.length <= points) return reports;
  const stride = (reports.length - 1) / (points - 1);
  return Array.from({ length: points }, (_, index) => reports[Math.round(index * stride)] as TrainingReport);
}
