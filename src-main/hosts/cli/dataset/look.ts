import { fail } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import { missingCodes } from '#shared/contract/missingCodes';
import type { PictureDetail } from '#shared/contract/types';
import { inView, views, viewIds } from '#shared/dataset/marks';
import { plain } from '../report';
import { idOf, type Call, type Said } from './call';
import { reportAll, reportOne } from './report';
import { described, filterOf, firstOf, namedBy, picturesOf } from './selection';

/** Pictures or groups that are listed where nobody says how many. */
const LISTED = 100;

export async function list(call: Call): Promise<Said> {
  const listed = await firstOf(picturesOf(call), call.options.limit ?? LISTED);
  return { result: { pictures: listed }, words: listed.map(inWords).join('\n') || 'none' };
}

const inWords = ({ index, name, class: of, marks }: PictureDetail): string =>
  [index, plain(name), ...(of === undefined ? [] : [`[${plain(of)}]`]), ...marks].join('  ');

/** Pictures whose files are not where they were, or not as they were. */
export async function check(call: Call): Promise<Said> {
  const missing = await call.studio.call('curation.checkFiles', { projectId: idOf(call) }, 'host');
  const lines = missing.files.map(({ name, problem }) => `${plain(name)}  ${missingCodes[problem]}`);
  const more = missing.count > lines.length ? [`and ${missing.count - lines.length} more`] : [];
  return { result: missing, words: [...lines, ...more].join('\n') || 'All files are as they were.' };
}

/** The groups of near duplicates that nobody has decided about, or those of them that have one of the named pictures. */
export async function alike(call: Call): Promise<Said> {
  const { studio, options, pictures } = call;
  const [most, named] = [options.limit ?? LISTED, namedBy(pictures)];
  const shown: (readonly PictureDetail[])[] = [];
  let total = 0;
  for (let from = 0; from === 0 || (from < total && shown.length < most); from += limits.thumbnails) {
    const params = { projectId: idOf(call), from, count: limits.thumbnails };
    const page = await studio.call('curation.alike', params, 'host');
    total = page.total;
    const details = new Map<number, PictureDetail>();
    for await (const detail of described(call, page.groups.flat())) details.set(detail.index, detail);
    const groups = page.groups.map((group) => group.flatMap((picture) => details.get(picture) ?? []));
    shown.push(...groups.filter((group) => group.some(named)));
  }
  const groups = shown.slice(0, most);
  return { result: { groups, total }, words: groupsInWords(groups, total) };
}

function groupsInWords(groups: readonly (readonly PictureDetail[])[], total: number): string {
  const lines = groups.map((group) =>
    group.map(({ index, name, width, height }) => `${index}  ${plain(name)}  ${width}×${height}`).join('\n'),
  );
  const counted = `${groups.length} of ${total} groups of near duplicates; keep-one keeps the first of each`;
  return groups.length > 0 ? [...lines, counted].join('\n\n') : 'none';
}

export function report({ studio, project, options }: Call): Promise<Said> {
  const asked = { studio, projectId: project.summary.id };
  if (options.all) return reportAll(asked, options.json);
  return reportOne(asked, options.import, options.json);
}

export async function stats(call: Call): Promise<Said> {
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
    ...byClass.map(({ name, pictures }) => `  class ${plain(name)}: ${pictures}`),
  ];
  return {
    result: { pictures: count, size, channels, fit, curation, views: counted, classes: byClass, statistics, report },
    words: lines.join('\n'),
  };
}
