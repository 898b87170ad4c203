import { resolve } from 'node:path';
import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { PictureFlag } from '#shared/contract/pictureFlags';
import type { CurationOutcome, PictureDetail, ProjectDetail } from '#shared/contract/types';
import type { CurationEdit, Selection } from '#shared/dataset/curation';
import { passes, type PictureFilter } from '#shared/dataset/filter';
import { matchesGlob } from '#shared/dataset/glob';
import { missingInWords } from '#shared/dataset/missing';
import { inView, views, viewIds, type ViewId } from '#shared/dataset/marks';
import type { Studio } from '../../studio/studio';
import { reportAll, reportOne } from './datasetReport';

export interface DatasetOptions {
  readonly view?: ViewId;
  readonly class?: string;
  readonly flag?: PictureFlag;
  readonly minSide?: number;
  readonly maxSide?: number;
  readonly to?: string;
  readonly heldOut?: number;
  readonly seed?: number;
  readonly balanced?: boolean;
  readonly weight?: readonly string[];
  readonly crop?: string;
  readonly region?: string;
  readonly background?: string;
  readonly size?: number;
  readonly channels?: string;
  readonly limit: number;
  readonly all?: boolean;
  readonly import?: number;
  readonly json?: boolean;
}

interface Call {
  readonly studio: Studio;
  readonly project: ProjectDetail;
  /** Names of pictures as they were given. */
  readonly pictures: readonly string[];
  readonly options: DatasetOptions;
}

interface Action {
  readonly summary: string;
  readonly run: (call: Call) => Promise<Said>;
}

/** What an action says: its result for scripts, whole or in pieces, or in words. */
export type Said =
  | { readonly result: object; readonly words: string }
  | { readonly pieces: AsyncIterable<string> }
  | { readonly words: string };

/** What `ganvas dataset PROJECT ACTION` does, by action. */
export const actions: Readonly<Record<string, Action>> = {
  list: { summary: 'names pictures', run: list },
  stats: { summary: 'counts them', run: stats },
  exclude: {
    summary: 'leaves pictures out of training',
    run: (call) => edit(call, { kind: 'exclude', pictures: selectionOf(call), excluded: true }),
  },
  include: {
    summary: 'trains on them again',
    run: (call) => edit(call, { kind: 'exclude', pictures: selectionOf(call), excluded: false }),
  },
  assign: { summary: 'gives them a class', run: assign },
  rename: { summary: 'renames or merges a class', run: rename },
  split: { summary: 'holds a share out', run: split },
  sampling: { summary: 'balances or weighs classes', run: sampling },
  crop: { summary: 'makes squares in another way, or of another size, or grey', run: crop },
  'keep-one': { summary: 'of each group of near duplicates', run: (call) => alike(call, 'one') },
  'keep-all': { summary: 'near duplicates', run: (call) => alike(call, 'all') },
  relink: { summary: 'finds moved files again, in the folders that are named', run: relink },
  report: { summary: 'what an import did with each file, the last one unless told', run: report },
  undo: { summary: 'takes the last change back', run: (call) => move(call, 'curation.undo') },
  redo: { summary: 'does it again', run: (call) => move(call, 'curation.redo') },
};

const idOf = ({ project }: Call) => project.summary.id;

async function list(call: Call) {
  const { studio, options, pictures } = call;
  const projectId = idOf(call);
  const shown: PictureDetail[] = [];
  const overview = await studio.call('curation.overview', { projectId, sort: 'added' }, 'host');
  const wanted = pictures.length > 0 ? undefined : filterOf(options);
  const sides = new Uint16Array(overview.shorterSides.slice().buffer);
  const marks = new Uint32Array(overview.marks.slice().buffer);
  const named = namedBy(pictures);
  for (let from = 0; from < overview.count && shown.length < options.limit; from += limits.thumbnails) {
    const indices: number[] = [];
    for (let picture = from; picture < Math.min(overview.count, from + limits.thumbnails); picture++) {
      if (!wanted || passes(wanted, marks[picture] ?? 0, sides[picture] ?? 0)) indices.push(picture);
    }
    if (indices.length === 0) continue;
    const details = await studio.call('curation.describe', { projectId, indices }, 'host');
    shown.push(
      ...details.filter((detail) => named(detail) && (options.class === undefined || detail.class === options.class)),
    );
  }
  const listed = shown.slice(0, options.limit);
  const lines = listed.map(({ index, name, class: of, marks: about }) =>
    [index, name, ...(of === undefined ? [] : [`[${of}]`]), ...about].join('  '),
  );
  return { result: { pictures: listed }, words: lines.join('\n') || 'none' };
}

function report({ studio, project, options }: Call): Promise<Said> {
  const asked = { studio, projectId: project.summary.id };
  if (options.all) return reportAll(asked, options.json);
  return reportOne(asked, options.import, options.json);
}

async function stats(call: Call) {
  const { studio, project, options } = call;
  const projectId = idOf(call);
  const { marks: bytes, classes, classNumbers, count } = await studio.call('curation.overview', { projectId }, 'host');
  const marks = new Uint32Array(bytes.slice().buffer);
  const numbers = new Uint16Array(classNumbers.slice().buffer);
  const counted = Object.fromEntries(viewIds.map((view) => [view, marks.filter((bits) => inView(view, bits)).length]));
  const byClass = classes.map((name, number) => ({ name, pictures: numbers.filter((of) => of === number + 1).length }));
  const statistics = await studio.call('curation.statistics', { projectId, filter: filterOf(options) }, 'host');
  const { curation, dataset } = project;
  const { size, channels, fit, report } = dataset ?? fail('dataset.empty');
  const format = `${size}×${size} in ${channels === 1 ? 'grey' : 'colour'}`;
  const lines = [
    `${count} pictures, ${format}: ${curation.trained} trained on, ${curation.excluded} excluded, ${curation.heldOut} held out`,
    ...viewIds.flatMap((view) => ((counted[view] ?? 0) > 0 ? [`  ${views[view].title}: ${counted[view]}`] : [])),
    ...byClass.map(({ name, pictures }) => `  class ${name}: ${pictures}`),
  ];
  return {
    result: { pictures: count, size, channels, fit, curation, views: counted, classes: byClass, statistics, report },
    words: lines.join('\n'),
  };
}

function assign(call: Call) {
  // The class is what they get, not what they have.
  const { class: name = missing('--class', 'give the class that they get'), ...options } = call.options;
  return edit(call, { kind: 'assign', pictures: selectionOf({ ...call, options }), class: name });
}

function rename(call: Call) {
  return edit(call, {
    kind: 'rename',
    from: call.options.class ?? missing('--class', 'give the class that is renamed'),
    to: call.options.to ?? missing('--to', 'give its new name'),
  });
}

function split(call: Call) {
  const { split: before } = call.project.curation;
  const { heldOut = before.heldOut, seed = before.seed } = call.options;
  return edit(call, { kind: 'split', split: { heldOut, seed } });
}

function sampling(call: Call) {
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

function crop(call: Call) {
  const { options, project, pictures } = call;
  const before = project.dataset?.fit ?? { crop: 'centre' as const, background: '#ffffff' };
  const region = options.region === undefined ? undefined : regionOf(options.region);
  const fit = {
    crop: (options.crop ?? before.crop) as typeof before.crop,
    background: (options.background ?? before.background).toLowerCase(),
    ...(region && { region }),
  };
  const all = pictures.length === 0 && !isFiltered(options);
  const sameFit = options.crop === undefined && options.background === undefined && !region;
  if (options.size === undefined && options.channels === undefined) {
    return edit(call, { kind: 'fit', fit, ...(!all && { pictures: selectionOf(call) }) });
  }
  if (!all) {
    const problem = 'all pictures have the same size and channels: name none, and no view or class';
    return fail('option.invalid', { option: '--size and --channels', value: 'given for some pictures', problem });
  }
  const { size, channels } = project.dataset ?? fail('dataset.empty');
  const format = { size: options.size ?? size, channels: options.channels ? channelsOf(options.channels) : channels };
  return edit(call, { kind: 'format', ...format, ...(!sameFit && { fit }) });
}

const channelsOf = (text: string): 1 | 3 => (text === '1' ? 1 : 3);

function regionOf(text: string) {
  const [left, top, width, height, ...rest] = text.split(',').map(Number);
  const numbers = [left, top, width, height];
  if (rest.length > 0 || numbers.some((number) => number === undefined || !(number >= 0 && number <= 1))) {
    return fail('option.invalid', { option: '--region', value: text, problem: 'it is four fractions from 0 to 1' });
  }
  return { left: left ?? 0, top: top ?? 0, width: width ?? 1, height: height ?? 1 };
}

const alike = (call: Call, keep: 'one' | 'all') => {
  const group = call.pictures.length > 0 ? selectionOf(call) : undefined;
  return edit(call, { kind: 'nearDuplicates', keep, ...(group && { group }) });
};

async function relink(call: Call) {
  const { studio, pictures } = call;
  if (pictures.length === 0) missing('folder', 'name the folders to look in');
  const { sourceId } = await studio.call('datasets.offer', { paths: pictures.map((path) => resolve(path)) }, 'host');
  const outcome = await studio.call('curation.relink', { projectId: idOf(call), sourceId }, 'host');
  return { result: outcome, words: `${outcome.found} files found${missingWords(outcome)}` };
}

async function move(call: Call, method: 'curation.undo' | 'curation.redo') {
  const outcome = changed(await call.studio.call(method, { projectId: idOf(call) }, 'host'));
  const verb = method === 'curation.undo' ? 'Undone' : 'Done again';
  return { result: outcome, words: `${verb}: ${outcome.done}${missingWords(outcome)}\n${countsOf(outcome)}` };
}

async function edit(call: Call, change: CurationEdit) {
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

const filterOf = ({ view = 'all', class: name, flag, minSide, maxSide }: DatasetOptions): PictureFilter => ({
  view,
  ...(name !== undefined && { class: name }),
  ...(flag !== undefined && { flag }),
  ...((minSide !== undefined || maxSide !== undefined) && {
    side: { from: minSide ?? 1, ...(maxSide !== undefined && { below: maxSide + 1 }) },
  }),
});

/** Whether pictures are named by what they are. */
const isFiltered = ({ view, class: name, flag, minSide, maxSide }: DatasetOptions): boolean =>
  [view, name, flag, minSide, maxSide].some((option) => option !== undefined);

/** The pictures that a command is about: by numbers, by hashes, by a pattern, or by a view. */
function selectionOf({ pictures, options }: Pick<Call, 'pictures' | 'options'>): Selection {
  if (pictures.length === 0) {
    if (!isFiltered(options))
      missing('pictures', 'name some, or give --view, --class, --flag, --min-side or --max-side');
    return { kind: 'filter', filter: filterOf(options) };
  }
  if (pictures.every((text) => /^\d{1,9}$/.test(text))) return { kind: 'indices', indices: pictures.map(Number) };
  if (pictures.every(isHash)) return { kind: 'ids', ids: [...pictures] };
  const [glob = '', ...rest] = pictures;
  if (rest.length > 0) {
    const problem =
      'several are numbers or hashes; of patterns one at a time (in quotes, or the shell makes several of it)';
    fail('option.invalid', { option: 'pictures', value: pictures.join(' '), problem });
  }
  return { kind: 'name', glob };
}

const isHash = (text: string) => /^[0-9a-f]{64}$/.test(text);

/** Whether a listed picture is one of those that were named; all are where none was. */
function namedBy(pictures: readonly string[]): (detail: PictureDetail) => boolean {
  if (pictures.length === 0) return () => true;
  return ({ index, id, name }) =>
    pictures.some((text) => text === String(index) || text === id || matchesGlob(text, name));
}

function missing(option: string, problem: string): never {
  return fail('option.invalid', { option, value: 'missing', problem });
}
