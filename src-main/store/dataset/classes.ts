import { posix } from 'node:path';
import { limits } from '#shared/contract/limits';
import type { SkippedFile } from '#shared/contract/types';
import type { FoundFile, FoundFiles } from './fileList';
import { className, isLabelList, readLabelList } from './labelList';
import { LabelMatch } from './labelMatch';
import { readPictureFile } from '../decode/pictureFile';
import { isPictureName } from './pictureName';

/** The found files, those that have a class with its name; lists of classes are no longer among them. */
export interface Classified {
  readonly files: FoundFiles;
  /** Names of the classes, in the order of the numbers that they are to have. */
  readonly classes: readonly string[];
  /** What of the classes could not be used. */
  readonly skipped: readonly SkippedFile[];
}

/**
 * Finds out the classes of an import's files: from a `labels.csv` or a `dataset.json` at the top that names some of the pictures, else each subfolder of the first level with
 * pictures in it is a class, if there are at least two. The folders of one drop lie side by side at that level; folders that only wrap all the others do not count.
 * `present` are the classes that the pack has.
 */
export async function classify(files: FoundFiles, present: readonly string[]): Promise<Classified> {
  const root = commonFolder(files);
  const isList = ({ name }: FoundFile): boolean =>
    isLabelList(name) && (name.split('/').length <= 2 || folderOf(name) === root);
  const lists: FoundFile[] = [];
  for (const file of files) if (isList(file)) lists.push(file);
  const rest = lists.length > 0 ? without(files, isList) : files;
  const listed = await readLists(lists, rest);
  const labelOf = listed.labelled ? listed.labelOf : byFolder(rest, root, present);
  const names = new Set<string>();
  for (const file of rest) {
    const name = labelOf(file);
    if (name !== undefined) names.add(name);
  }
  const classes = inOrder([...names]);
  const all = new Set([...present, ...classes]).size;
  if (all > limits.classes) {
    const detail = `${all} classes are more than ${limits.classes}; the pictures were taken without classes`;
    return {
      files: rest,
      classes: [],
      skipped: [...listed.skipped, { file: root || 'all files', code: 'labels', detail }],
    };
  }
  return { files: classes.length > 0 ? labelled(rest, labelOf) : rest, classes, skipped: listed.skipped };
}

/** The files that are not meant, each made when it is asked for. */
function without(files: FoundFiles, isMeant: (file: FoundFile) => boolean): FoundFiles {
  const places: number[] = [];
  let place = 0;
  for (const file of files) {
    if (!isMeant(file)) places.push(place);
    place += 1;
  }
  const at = (wanted: number): FoundFile | undefined => files.at(places[wanted] ?? files.length);
  return lazily(places.length, at);
}

/** The files with their classes, each made when it is asked for. */
function labelled(files: FoundFiles, labelOf: LabelOf): FoundFiles {
  return lazily(files.length, (place) => {
    const file = files.at(place);
    if (!file) return undefined;
    const label = labelOf(file);
    return label === undefined ? file : { ...file, label };
  });
}

function lazily(length: number, at: FoundFiles['at']): FoundFiles {
  return {
    length,
    at,
    *[Symbol.iterator]() {
      for (let place = 0; place < length; place++) yield at(place) as FoundFile;
    },
  };
}

type LabelOf = (file: FoundFile) => string | undefined;

async function readLists(
  lists: readonly FoundFile[],
  files: FoundFiles,
): Promise<{ readonly labelled: boolean; readonly labelOf: LabelOf; readonly skipped: readonly SkippedFile[] }> {
  const labels = new Map<string, string>();
  const skipped: SkippedFile[] = [];
  const names = new Set<string>();
  if (lists.length > 0) for (const { name } of files) names.add(name);
  let labelled = false;
  // `labels.csv` comes last and so wins where both name a picture.
  for (const list of lists.toSorted((a, b) => Number(a.name.endsWith('.csv')) - Number(b.name.endsWith('.csv')))) {
    const read = await readPictureFile(list);
    const entries = read.ok ? readLabelList(list.name, read.bytes) : undefined;
    if (!entries) {
      const detail = read.ok ? 'it does not list files with their classes' : read.detail;
      skipped.push({ file: list.name, code: 'labels', detail });
      continue;
    }
    const match = new LabelMatch(folderOf(list.name), names);
    const unknown: string[] = [];
    for (const [place, [file, label]] of entries.entries()) {
      const name = match.find(file);
      if (name !== undefined) labels.set(name, label);
      // A first line that names no file has the columns' headings.
      else if (place > 0 || entries.length === 1 || posix.extname(file) !== '') unknown.push(file);
    }
    // Without an entry it says that there are no classes, which is an answer too.
    if (unknown.length < entries.length || entries.length === 0) labelled = true;
    if (unknown.length > 0)
      skipped.push({ file: list.name, code: 'labels', detail: unknownInWords(unknown, entries.length) });
  }
  if (labelled && labels.size > 0) {
    const missing = [...names].filter((name) => isPictureName(name) && !labels.has(name));
    const [file] = missing;
    if (file !== undefined) skipped.push({ file, code: 'labels', detail: withoutInWords(missing.length) });
  }
  return { labelled, labelOf: ({ name }) => labels.get(name), skipped };
}

function unknownInWords(unknown: readonly string[], entries: number): string {
  const which = `the first: “${unknown[0]}”`;
  if (unknown.length === entries)
    return `none of its ${entries} lines names a file that is here, or only one (${which})`;
  return `${unknown.length} of its ${entries} lines name no file that is here, or more than one (${which})`;
}

const withoutInWords = (count: number): string =>
  `no list of classes names this picture${count > 1 ? `, nor ${count - 1} more` : ''}`;

/** Parts of a data set, as many are handed out: not classes. */
const PARTS = new Set(['train', 'training', 'test', 'testing', 'val', 'valid', 'validation']);

function byFolder(files: FoundFiles, root: string, present: readonly string[]): LabelOf {
  const depth = root === '' ? 0 : root.split('/').length;
  const folders = foldersAt(files, depth);
  if (folders.size >= 2 && [...folders].every((name) => PARTS.has(name.toLowerCase()))) {
    return labelAt(depth + 1, foldersAt(files, depth + 1));
  }
  if (folders.size >= 2) return labelAt(depth, folders);
  // More pictures of a class that is there, by its folder alone.
  const own = className(posix.basename(root));
  return () => (own !== undefined && present.includes(own) ? own : undefined);
}

/** Names of the folders at a depth that hold pictures. */
function foldersAt(files: FoundFiles, depth: number): Set<string> {
  const folders = new Set<string>();
  for (const { name } of files) {
    const folder = isPictureName(name) ? folderAt(name, depth) : undefined;
    if (folder !== undefined) folders.add(folder);
  }
  return folders;
}

const labelAt =
  (depth: number, folders: ReadonlySet<string>): LabelOf =>
  ({ name }) => {
    const folder = folderAt(name, depth);
    return folder !== undefined && folders.has(folder) ? className(folder) : undefined;
  };

function folderAt(name: string, depth: number): string | undefined {
  const parts = name.split('/');
  return depth < parts.length - 1 ? parts[depth] : undefined;
}

const folderOf = (name: string) => (name.includes('/') ? posix.dirname(name) : '');

/** The deepest folder that all pictures lie in, '' for none. */
function commonFolder(files: FoundFiles): string {
  let common: string[] | undefined;
  for (const { name } of files) {
    if (!isPictureName(name)) continue;
    const parts = folderOf(name).split('/');
    common ??= parts;
    const differs = common.findIndex((part, index) => part !== parts[index]);
    if (differs >= 0) common = common.slice(0, differs);
  }
  return common?.join('/') ?? '';
}

/** Numbers by size, other names by code units: the same on every machine. */
function inOrder(names: readonly string[]): string[] {
  const numeric = names.every((name) => /^\d{1,9}$/.test(name));
  return names.toSorted((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : Number(a > b)));
}
