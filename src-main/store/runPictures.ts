import { join } from 'node:path';
import { z } from 'zod';
import { limits } from '#shared/contract/limits';
import { exists, readJsonIfPresent, writeFileAtomic, writeJson } from './atomic';
import type { Format } from './format';

const count = z.int().min(0);

/** What one start of a run, or several that follow each other, trained on. */
const Session = z.strictObject({
  /** Steps that the run had done when it began with these pictures. */
  fromStep: count,
  /** ISO 8601. */
  at: z.iso.datetime(),
  /** Of the training set; that of the checkpoints, too. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  trained: count,
  excluded: count,
  heldOut: count,
  /** Pictures of classes that are never shown. */
  unweighted: count,
});
export type TrainedSession = z.output<typeof Session>;

const RunPictures = z.strictObject({ version: z.literal(1), sessions: z.array(Session).max(10_000) });
const format: Format<z.output<typeof RunPictures>> = { version: 1, schema: RunPictures, migrations: {} };

const path = (runDir: string) => join(runDir, 'pictures.json');
/** The pictures of a training set by content, a line each; it is named by its hash, so that it is written once. */
const listPath = (runDir: string, hash: string) => join(runDir, `pictures-${hash.slice(0, 12)}.txt`);

/** The sets of pictures that a run was trained on, oldest first. */
export async function readTrainedSessions(runDir: string): Promise<readonly TrainedSession[]> {
  return (await readJsonIfPresent(path(runDir), format))?.sessions ?? [];
}

/** Writes down what a run trains on from a step on, unless that is what it trained on before; the list itself for sets of up to {@link limits.listedPictures}. */
export async function recordTrainedPictures(
  runDir: string,
  session: Omit<TrainedSession, 'at'>,
  ids: () => readonly string[],
): Promise<void> {
  const written = await readTrainedSessions(runDir);
  // What came after the step that the run goes on from is trained anew.
  const before = written.filter(({ fromStep }) => fromStep < session.fromStep);
  const same = written.findLast(({ fromStep }) => fromStep <= session.fromStep);
  const sessions = [...before];
  if (before.at(-1)?.hash !== session.hash) {
    sessions.push(same?.hash === session.hash ? same : { ...session, at: new Date().toISOString() });
  }
  if (JSON.stringify(sessions) === JSON.stringify(written)) return;
  const list = listPath(runDir, session.hash);
  if (session.trained <= limits.listedPictures && !(await exists(list))) {
    await writeFileAtomic(list, `${ids().join('\n')}\n`);
  }
  await writeJson(path(runDir), { version: 1, sessions }, format);
}
