import { resolve } from 'node:path';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { CurationOutcome } from '#shared/contract/types';
import type { CurationEdit } from '#shared/dataset/curation';
import { missingInWords } from '#shared/dataset/missing';
import { idOf, missing, type Call, type Said } from './call';
import { isAboutAll, selectionOf } from './selection';

export function exclude(call: Call, excluded: boolean): Promise<Said> {
  return edit(call, { kind: 'exclude', pictures: selectionOf(call), excluded });
}

export function assign(call: Call): Promise<Said> {
  // The class is what they get, not what they have.
  const { class: given, none, ...options } = call.options;
  const name = none
    ? null
    : (given ?? missing('--class', 'give the class that they get, or --none for the one that the import found'));
  return edit(call, { kind: 'assign', pictures: selectionOf({ ...call, options }), class: name });
}

export function rename(call: Call): Promise<Said> {
  return edit(call, {
    kind: 'rename',
    from: call.options.class ?? missing('--class', 'give the class that is renamed'),
    to: call.options.to ?? missing('--to', 'give its new name'),
  });
}

export function split(call: Call): Promise<Said> {
  const { split: before } = call.project.curation;
  const { heldOut = before.heldOut, seed = before.seed } = call.options;
  return edit(call, { kind: 'split', split: { heldOut, seed } });
}

export function sampling(call: Call): Promise<Said> {
  const weights = (call.options.weight ?? []).map((text) => {
    const at = text.lastIndexOf('=');
    const weight = Number(text.slice(at + 1));
    if (at < 1 || text.slice(at + 1).trim() === '' || !(weight >= 0 && weight <= limits.samplingWeightMax)) {
      fail('option.invalid', {
        option: '--weight',
        value: text,
        problem: `it is CLASS=NUMBER, 0 to ${limits.samplingWeightMax}`,
      });
    }
    return [text.slice(0, at), weight] as const;
  });
  return edit(call, {
    kind: 'sampling',
    sampling: { balanced: call.options.balanced ?? false, weights: Object.fromEntries(weights) },
  });
}

/** Of the groups of near duplicates, or of those with one of the pictures that are meant, keeps the largest picture, or those that are meant, or all. */
export function keep(call: Call, which: 'one' | 'named' | 'all'): Promise<Said> {
  if (which === 'named' && isAboutAll(call)) missing('pictures', 'name those that stay of their groups');
  return edit(call, { kind: 'nearDuplicates', keep: which, ...(!isAboutAll(call) && { group: selectionOf(call) }) });
}

export async function relink(call: Call): Promise<Said> {
  const { studio, pictures } = call;
  if (pictures.length === 0) missing('folder', 'name the folders to look in');
  const { sourceId } = await studio.call('datasets.offer', { paths: pictures.map((path) => resolve(path)) }, 'host');
  const outcome = await studio.call('curation.relink', { projectId: idOf(call), sourceId }, 'host');
  return { result: outcome, words: `${outcome.found} files found${missingWords(outcome)}` };
}

export async function undoOrRedo(call: Call, method: 'curation.undo' | 'curation.redo'): Promise<Said> {
  const outcome = changed(await call.studio.call(method, { projectId: idOf(call) }, 'host'));
  const verb = method === 'curation.undo' ? 'Undone' : 'Done again';
  return { result: outcome, words: `${verb}: ${outcome.done}${missingWords(outcome)}\n${countsOf(outcome)}` };
}

/** Makes one change, which can be taken back; fails where it could not be made. */
export async function edit(call: Call, change: CurationEdit): Promise<Said> {
  const outcome = changed(await call.studio.call('curation.edit', { projectId: idOf(call), edit: change }, 'host'));
  return {
    result: outcome,
    words: `${outcome.done ?? 'Nothing to change'}${missingWords(outcome)}\n${countsOf(outcome)}`,
  };
}

const countsOf = ({ curation }: CurationOutcome) =>
  `${curation.trained} trained on, ${curation.excluded} excluded, ${curation.heldOut} held out`;

/** Fails where nothing could be changed because of what is missing. */
function changed(outcome: CurationOutcome): CurationOutcome {
  const { done, missing } = outcome;
  if (done !== undefined || missing.count === 0) return outcome;
  return fail('dataset.originals-missing', { count: missing.count, names: missingInWords(missing) });
}

function missingWords({ missing }: CurationOutcome): string {
  const { count } = missing;
  if (count === 0) return '';
  return `\n${count} ${count === 1 ? 'picture' : 'pictures'} could not be made anew: ${missingInWords(missing)}`;
}
