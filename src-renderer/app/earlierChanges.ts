import { fail } from '#shared/contract/errors';
import type { CurationOutcome } from '#shared/contract/types';
import { missingInWords } from '#shared/dataset/missing';
import { Job } from './jobs.svelte';
import type { EarlierChanges } from './messages.svelte';
import type { Studio } from './studio.svelte';

/** What the open project's curation holds to be undone and done again, also by a page that did not make the change. */
export function earlierChanges(studio: Studio): EarlierChanges | undefined {
  const { project } = studio;
  // Without pictures there is nothing to decide about, and a project that another Ganvas has open is only looked at.
  if (!project?.dataset || project.dataset.images === 0 || project.readOnly) return undefined;
  const projectId = project.summary.id;
  const step = (method: 'curation.undo' | 'curation.redo') => async () => {
    const outcome = await new Job(studio.client, method, { projectId }).result;
    studio.takeCuration(projectId, changedOf(outcome).curation);
  };
  const changeOf = (label: string | undefined) =>
    label === undefined ? undefined : { label, undo: step('curation.undo'), redo: step('curation.redo') };
  return { undo: changeOf(project.curation.undo), redo: changeOf(project.curation.redo) };
}

/** An outcome that changed something; `dataset.originals-missing` where that would have taken files that are gone. */
export function changedOf(outcome: CurationOutcome): CurationOutcome {
  const { done, missing } = outcome;
  if (missing.count === 0 || done !== undefined) return outcome;
  return fail('dataset.originals-missing', { count: missing.count, names: missingInWords(missing) });
}
