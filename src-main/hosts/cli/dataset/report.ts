import { fail } from '#shared/contract/errors';
import { codesOf, reportCodeNames, reportCodes } from '#shared/contract/reportCodes';
import type { ImportSummary, ReportCode, ReportedFile } from '#shared/contract/types';
import type { Studio } from '../../../studio/studio';
import { plain } from '../report';

/** Files of each code that are named to people; scripts get all. */
const NAMED = 20;

interface Asked {
  readonly studio: Studio;
  readonly projectId: string;
}

/** What an import did, the last one unless told: for people with the first files of each kind, as JSON with all of them. */
export async function reportOne(asked: Asked, number: number | undefined, json: boolean | undefined) {
  const imports = await listed(asked);
  const one = imports.find((candidate) => number === undefined || candidate.import === number);
  if (!one) return fail('dataset.report-unknown', { import: number ?? 1 });
  return json ? { pieces: jsonOf(asked, one) } : { words: await inWords(asked, one) };
}

/** All imports whose reports are kept, the newest first: for people a line each, as JSON with all of their files. */
export async function reportAll(asked: Asked, json: boolean | undefined) {
  const imports = await listed(asked);
  if (json) return { pieces: jsonOfAll(asked, imports) };
  return { words: imports.map(headOf).join('\n') || 'none' };
}

const listed = ({ studio, projectId }: Asked) => studio.call('datasets.reports', { projectId }, 'host');

/** One line in all, in pieces: a report may be larger than a text can be. */
async function* jsonOf(asked: Asked, one: ImportSummary): AsyncGenerator<string> {
  yield `${JSON.stringify(one).slice(0, -1)},"files":[`;
  let between = '';
  for await (const file of filesOf(asked, one.import)) {
    yield between + JSON.stringify(file);
    between = ',';
  }
  yield ']}';
}

async function* jsonOfAll(asked: Asked, imports: readonly ImportSummary[]): AsyncGenerator<string> {
  yield '{"imports":[';
  for (const [place, one] of imports.entries()) {
    if (place > 0) yield ',';
    yield* jsonOf(asked, one);
  }
  yield ']}';
}

async function* filesOf({ studio, projectId }: Asked, number: number): AsyncGenerator<ReportedFile> {
  for (let from: number | undefined = 0; from !== undefined;) {
    const asked: { projectId: string; import: number; from: number } = { projectId, import: number, from };
    const { files, next } = await studio.call('datasets.reportedFiles', asked, 'host');
    yield* files;
    from = next;
  }
}

function headOf({ import: number, at, from, outcome, error, added, duplicates, skippedCount }: ImportSummary): string {
  const what = from.length > 0 ? `${from.map(plain).join(', ')}: ` : '';
  const how = outcome === 'failed' ? `failed. ${plain(error?.message ?? '')} ` : outcome === 'cancelled' ? 'cancelled. ' : ''; // prettier-ignore
  return `Import ${number}, ${at}, ${what}${how}${added} added, ${duplicates} there already, ${skippedCount} skipped`;
}

async function inWords({ studio, projectId }: Asked, one: ImportSummary): Promise<string> {
  const lines = [headOf(one)];
  for (const code of reportCodeNames) {
    const count = one.byCode[code];
    if (!count) continue;
    lines.push(groupInWords(code, count));
    const wanted = { projectId, import: one.import, code, count: NAMED };
    const { files } = await studio.call('datasets.reportedFiles', wanted, 'host');
    lines.push(...files.map((file) => `  ${fileInWords(file)}`));
    if (files.length > 0 && files.length < count)
      lines.push(`  … and ${count - files.length} more (--json names them)`);
  }
  return lines.join('\n');
}

/** What an import says of the files with a code, and what can be done. */
export function groupInWords(code: ReportCode, count: number): string {
  const { title, advice } = reportCodes[code];
  return `${title} (${code}): ${count}. ${advice}`;
}

function fileInWords(file: ReportedFile): string {
  const name = plain(file.file);
  if ('flags' in file) return `${name}: ${codesOf(file).join(', ')}`;
  if (!('picture' in file)) return file.detail === undefined ? name : `${name}: ${plain(file.detail)}`;
  const { picture, conflict } = file;
  const classes = conflict ? `; its class is ${plain(conflict.kept)}, not ${plain(conflict.found)}` : '';
  return `${name} = ${plain(picture.name)} (${picture.id.slice(0, 12)})${classes}`;
}
