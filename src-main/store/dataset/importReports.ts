import { open, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { fail, fromErrorData, GanvasError, toErrorData, type ErrorCode, type Facts } from '#shared/contract/errors';
import { pictureFlagNames } from '#shared/contract/pictureFlags';
import { codesOf } from '#shared/contract/reportCodes';
import { skipCodes } from '#shared/contract/skipCodes';
import type { ImportSummary, ReportCode, ReportedFile, ReportedFiles, SkipCode } from '#shared/contract/types';
import { PictureId } from '#shared/dataset/curation';
import { systemCode } from '../atomic';
import { upgrade } from '../format';
import type { Project } from '../project';
import { readManifest, type Manifest } from './manifest';
import {
  reportFormat,
  reportNumbers,
  reportPath,
  reportsDir,
  type ReportedVideo,
  type ReportSummary,
} from './reportFiles';

/** Bytes read at once; a line is shorter than that, or it is none of ours. */
const CHUNK = 1024 * 1024;
/** The last import before there were reports, as the manifest tells of it. */
const UNREPORTED = 0;

const Skipped = z.object({
  file: z.string(),
  code: z.enum(Object.keys(skipCodes) as SkipCode[]),
  detail: z.string().exactOptional(),
  path: z.string().exactOptional(),
});
const Mended = z.object({ file: z.string(), flags: z.array(z.enum(pictureFlagNames)) });
const Duplicate = z.object({
  file: z.string(),
  code: z.enum(['again', 'known', 'twice', 'other-frames']),
  picture: z.object({ id: PictureId, name: z.string() }),
  conflict: z.object({ code: z.literal('class-conflict'), kept: z.string(), found: z.string() }).exactOptional(),
});
const Line: z.ZodType<ReportedFile | ReportedVideo> = z.union([Skipped, Mended, Duplicate]);

/** The imports whose reports are kept, the newest first. Reports that cannot be read are passed over. */
export async function listImports(project: Pick<Project, 'dir'>): Promise<readonly ImportSummary[]> {
  const dir = reportsDir(project);
  const imports: ImportSummary[] = [];
  for (const number of await reportNumbers(dir)) {
    const summary = await readSummary(dir, number);
    if (summary) imports.push(importOf(number, summary));
  }
  const manifest = imports.some(({ outcome }) => outcome === 'done') ? undefined : await readManifest(project);
  return manifest ? [...imports, unreported(manifest)] : imports;
}

/** Files of an import's report from a place on, those with a code where one is given; `dataset.report-unknown`. */
export async function readReportedFiles(
  project: Pick<Project, 'dir'>,
  number: number,
  { code, from, count }: { readonly code?: ReportCode | undefined; readonly from: number; readonly count: number },
): Promise<Omit<ReportedFiles, 'places'>> {
  if (number === UNREPORTED) return unreportedFiles(project, code, from, count);
  const path = reportPath(reportsDir(project), number);
  const file = await open(path, 'r').catch(() => fail('dataset.report-unknown', { import: number }));
  try {
    const files: ReportedFile[] = [];
    let next = from;
    for await (const { text, end } of linesFrom(file, from)) {
      if (files.length >= count) return { files, next };
      const place = next;
      next = end;
      // Most lines are told apart without being read.
      const line = code === undefined || text.includes(`"${code}"`) ? parsed(text) : undefined;
      if (line && (code === undefined || codesOf(line).includes(code))) files.push(shown(line, place));
    }
    return { files, next: undefined };
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return fail('project.unreadable', { file: path, problem: systemCode(error) ?? '' });
  } finally {
    await file.close();
  }
}

/** The line of a video at a place in a report; `dataset.report-unknown` where there is none. */
export async function videoAt(project: Pick<Project, 'dir'>, number: number, place: number): Promise<ReportedVideo> {
  const unknown = () => fail('dataset.report-unknown', { import: number });
  const file = await open(reportPath(reportsDir(project), number), 'r').catch(unknown);
  try {
    // Amid a line stands what others may have named a file.
    const before = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, place - 1));
    if (place > 0 && before.buffer[0] !== 10) return unknown();
    const { value } = await linesFrom(file, place).next();
    const line = value && parsed(value.text);
    return line && 'path' in line ? line : unknown();
  } finally {
    await file.close();
  }
}

/** A line as it is told: where a video lies is the host's alone. */
function shown(line: ReportedFile | ReportedVideo, place: number): ReportedFile {
  if (!('path' in line)) return line;
  const { file, code, detail } = line;
  return { file, code, ...(detail !== undefined && { detail }), video: place };
}

/** The lines of a file from a byte on, each with the byte after it. What has no end within a chunk is passed over. */
async function* linesFrom(
  file: FileHandle,
  from: number,
): AsyncGenerator<{ readonly text: string; readonly end: number }> {
  const chunk = Buffer.alloc(CHUNK);
  for (let at = from; ;) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK, at);
    if (bytesRead === 0) return;
    const bytes = chunk.subarray(0, bytesRead);
    let start = 0;
    for (let end = bytes.indexOf(10); end >= 0; start = end + 1, end = bytes.indexOf(10, start)) {
      yield { text: bytes.toString('utf8', start, end), end: at + end + 1 };
    }
    at += start || bytesRead;
  }
}

/** A line that can be read as one of a file; the last one is none. */
function parsed(text: string): ReportedFile | ReportedVideo | undefined {
  try {
    return Line.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function readSummary(dir: string, number: number): Promise<ReportSummary | undefined> {
  const path = reportPath(dir, number);
  try {
    return upgrade(JSON.parse(await lastLine(path)), reportFormat, path);
  } catch (error) {
    if (error instanceof GanvasError || error instanceof SyntaxError || systemCode(error)) return undefined;
    throw error;
  }
}

async function lastLine(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = Math.min(size, CHUNK);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', buffer.lastIndexOf(10, -2) + 1);
  } finally {
    await file.close();
  }
}

function importOf(number: number, { version: _, error, ...summary }: ReportSummary): ImportSummary {
  // An unknown code, of a later Ganvas, becomes a defect.
  const told = error && toErrorData(fromErrorData(error as { code: ErrorCode; facts: Facts }));
  return { import: number, ...summary, ...(told && { error: told }) };
}

/** What the manifest says of the last import, for packs that were made before there were reports. */
function unreported(manifest: Manifest): ImportSummary {
  const { at, added, duplicates, skippedCount } = manifest.lastImport;
  const byCode: Partial<Record<ReportCode, number>> = {};
  for (const code of filesIn(manifest).flatMap(codesOf)) byCode[code] = (byCode[code] ?? 0) + 1;
  return { import: UNREPORTED, at, from: [], outcome: 'done', added, duplicates, skippedCount, byCode };
}

async function unreportedFiles(
  project: Pick<Project, 'dir'>,
  code: ReportCode | undefined,
  from: number,
  count: number,
): Promise<Omit<ReportedFiles, 'places'>> {
  const manifest = (await readManifest(project)) ?? fail('dataset.report-unknown', { import: UNREPORTED });
  const files = filesIn(manifest).filter((file) => code === undefined || codesOf(file).includes(code));
  const next = from + count;
  return { files: files.slice(from, next), next: next < files.length ? next : undefined };
}

const filesIn = ({ lastImport: { skipped, mended } }: Manifest): readonly ReportedFile[] => [
  ...skipped.map(({ detail, ...file }) => (detail === undefined ? file : { ...file, detail })),
  ...mended,
];
