import { posix } from 'node:path';
import { z } from 'zod';
import { limits } from '#shared/contract/limits';

/** A file, relative to the list's folder, and the name of its class. */
type Entry = readonly [file: string, label: string];

const readers: Readonly<Record<string, (text: string) => readonly Entry[] | undefined>> = {
  'labels.csv': readCsv,
  'dataset.json': readStyleGanJson,
};

/** Whether a file is called as lists of classes are. */
export const isLabelList = (name: string): boolean => Object.hasOwn(readers, posix.basename(name).toLowerCase());

/** The entries of a list of classes; undefined when it is none. */
export function readLabelList(name: string, bytes: Uint8Array): readonly Entry[] | undefined {
  const text = textOf(bytes);
  return readers[posix.basename(name).toLowerCase()]?.(text)?.flatMap(([file, label]) => {
    const named = className(label);
    return named === undefined ? [] : [[posix.normalize(file.replaceAll('\\', '/')), named]];
  });
}

/** By its mark, UTF-16; else UTF-8 where it is that, or what spreadsheets on Windows write in Western Europe. */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * A class's name from a folder's or a list's text: composed (macOS hands out decomposed names), without control characters and those that turn the
 * direction of text around, not too long; undefined when nothing is left.
 */
export function className(text: string): string | undefined {
  const plain = text.normalize('NFC').replaceAll(/[\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, ' ');
  // By characters, so that none is cut in two.
  return (
    [...plain.trim()]
      .slice(0, limits.classNameLength / 2)
      .join('')
      .trim() || undefined
  );
}

/** `dataset.json` as StyleGAN's dataset tool writes it: `{"labels": [["00000/img00000000.png", 6], …]}`, or null for labels. */
const StyleGan = z.looseObject({
  labels: z.array(z.tuple([z.string(), z.int().min(0)])).nullable(),
});

function readStyleGanJson(text: string): readonly Entry[] | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  const list = StyleGan.safeParse(data);
  return list.success ? (list.data.labels ?? []).map(([file, label]) => [file, String(label)]) : undefined;
}

/** `labels.csv`: a file and its class in each line (RFC 4180), separated by commas, semicolons or tabs; a first line of headings is left out. */
function readCsv(text: string): readonly Entry[] | undefined {
  const rows = csvRows(text.replace(/^\uFEFF/, ''));
  const entries = rows.flatMap(([file, label]): Entry[] => (file && label ? [[file.trim(), label]] : []));
  if (entries.length === 0 || entries.length < rows.length / 2) return undefined;
  return /^(?:label|class|category|target)(?:_?(?:name|id))?$/i.test(entries[0]?.[1].trim() ?? '')
    ? entries.slice(1)
    : entries;
}

/** Cells of each line that is not empty; quoted cells may hold separators, line breaks and doubled quotes. One pass: the text may be hostile. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = (): void => {
    row.push(cell);
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    if (row.some((content) => content.trim() !== '')) rows.push(row);
    row = [];
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (quoted && character === '"' && text[at + 1] === '"') cell += text[++at];
    else if (character === '"' && (quoted || cell === '')) quoted = !quoted;
    else if (quoted) cell += character;
    else if (character === ',' || character === ';' || character === '\t') endCell();
    else if (character === '\n') endRow();
    else if (character !== '\r') cell += character;
  }
  endRow();
  return rows;
}
