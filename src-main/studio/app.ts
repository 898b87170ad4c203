import { join } from 'node:path';
import { sampleSetCount, sampleSetPreview } from '../store/sampleSet';
import type { StudioContext } from './context';
import type { AreaHandlers } from './handlers';
import { unlessCancelled } from './jobs';
import { platform } from './platform';

export function appHandlers({ options, jobs, runs }: StudioContext): AreaHandlers<'app'> {
  return {
    'app.info': async () => ({
      version: options.version,
      host: options.host,
      platform,
      projectsFolder: join(options.home, 'projects'),
      samplePictures: await sampleSetCount(),
    }),
    'app.doctor': ({ jobId }) => jobs.run(jobId, (job) => unlessCancelled(runs.examine(job), job.signal)),
    'app.machine': () => runs.machine.read(),
    'app.samplePreview': ({ count }) => sampleSetPreview(count),
  };
}
