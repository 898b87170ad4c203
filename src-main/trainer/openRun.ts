import { GanvasError, toErrorData } from '#shared/contract/errors';
import { initialState } from '../gan/network';
import { loadNewestCheckpoint, saveCheckpoint } from '../store/checkpoints';
import { openTrainingPack, type TrainingPack } from '../store/dataset/trainingPack';
import { labelledPictures } from './labelledPictures';
import { viewPictures } from './pictureView';
import { openMetrics } from '../store/metrics';
import { recordTrainedPictures, readTrainedSessions } from '../store/runPictures';
import { runDir } from '../store/runs';
import { dropSampleSheetsAfter } from '../store/samples';
import type { RunPorts, RunStart } from './loop';
import type { RunOrder } from './protocol';

/** A run's files, open; whoever opened them closes them after the run. */
export interface OpenRun {
  readonly start: RunStart;
  readonly ports: Pick<RunPorts, 'pictures' | 'saveCheckpoint' | 'appendReport' | 'rewind'>;
  close(): Promise<void>;
}

/** Opens a run's files at its newest sound checkpoint, or at step 0 where there is none, and cuts off what later steps had written. */
export async function openRun(order: RunOrder, tell: RunPorts['tell']): Promise<OpenRun> {
  const dir = runDir({ dir: order.projectDir }, order.runId);
  const { checkpoint, setAside } = await loadNewestCheckpoint(dir);
  for (const { step, problem } of setAside) {
    tell({ kind: 'warning', error: toErrorData(new GanvasError('checkpoint.corrupt', { step, problem })) });
  }
  const start: RunStart = {
    state: checkpoint?.state ?? initialState(order.recipe, order.seed),
    images: checkpoint?.images ?? 0,
    seconds: checkpoint?.seconds ?? 0,
    adaptive: checkpoint?.adaptive,
    saved: checkpoint !== undefined,
  };
  await dropSampleSheetsAfter(dir, start.state.step);
  const pack = await openTrainingPack({ dir: order.projectDir });
  const closing = async (error: unknown) => {
    await pack.close();
    throw error;
  };
  await tellOfPictures(dir, start.state.step, checkpoint?.datasetHash, pack, tell).catch(closing);
  const metrics = await openMetrics(dir, start.state.step).catch(closing);
  return {
    start,
    ports: {
      pictures: labelledPictures(viewPictures(pack, order.recipe.image), pack, order.recipe.classes),
      appendReport: (report) => metrics.append(report),
      async rewind(step) {
        await metrics.cutAfter(step);
        await dropSampleSheetsAfter(dir, step);
      },
      async saveCheckpoint(state, progress) {
        // The report of the checkpoint's step is on disk before the checkpoint is.
        await metrics.sync();
        await saveCheckpoint(dir, { state, seed: order.seed, ...progress, datasetHash: pack.hash });
      },
    },
    async close() {
      await metrics.close();
      await pack.close();
    },
  };
}

/** Writes down what the run is trained on from here on, and says so where that is not what it was trained on before. */
async function tellOfPictures(
  dir: string,
  step: number,
  trainedHash: string | undefined,
  { count, hash, ids, left }: TrainingPack,
  tell: RunPorts['tell'],
): Promise<void> {
  const before = (await readTrainedSessions(dir)).findLast(({ fromStep }) => fromStep <= step)?.trained ?? 'others';
  await recordTrainedPictures(dir, { fromStep: step, hash, trained: count, ...left }, ids);
  tell({ kind: 'pictures', pictures: { hash, count } });
  if (trainedHash === undefined || trainedHash === hash) return;
  tell({
    kind: 'warning',
    error: toErrorData(new GanvasError('training.pictures-changed', { now: count, before, step })),
  });
}
