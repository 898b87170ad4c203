import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { limits } from '#shared/contract/limits';
import { reportCodeNames } from '#shared/contract/reportCodes';
import type { SkippedFile } from '#shared/contract/types';
import { failDisk, systemCode } from '../atomic';
import type { Format } from '../format';
import type { Project } from '../project';

/**
 * Reports of a project's imports, `imports/0001.jsonl`: a line for each file that there is something to say about, and a last one that sums up. They lie beside the
 * pack and not in it: those of imports that failed have none, and they outlive a cleared one.
 */
const FILE = /^(\d{4,9})\.jsonl$/;
export const reportsDir = (project: Pick<Project, 'dir'>) => join(project.dir, 'imports');
export const reportPath = (dir: string, number: number) => join(dir, `${String(number).padStart(4, '0')}.jsonl`);

const count = z.int().min(0);
/** The last line. */
const Summary = z.strictObject({
  version: z.literal(1),
  /** When the import began, ISO 8601. */
  at: z.iso.datetime(),
  from: z.array(z.string()),
  outcome: z.enum(['done', 'cancelled', 'failed']),
  error: z
    .strictObject({ code: z.string(), facts: z.record(z.string(), z.union([z.string(), z.number()])) })
    .optional(),
  added: count,
  duplicates: count,
  skippedCount: count,
  byCode: z.partialRecord(z.enum(reportCodeNames), count),
});
/** The line of a video that can be read again. */
export interface ReportedVideo extends SkippedFile {
  readonly path: string;
}
export type ReportSummary = z.output<typeof Summary>;
export const reportFormat: Format<ReportSummary> = { version: 1, schema: Summary, migrations: {} };

/** Numbers of the reports that there are, the newest first. */
export async function reportNumbers(dir: string): Promise<readonly number[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    return failDisk(error, dir);
  });
  return names
    .flatMap((name) => FILE.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
}

/** Removes the oldest reports beyond the caps. Never fails: they cost room, no more, and it is tried again. */
export async function removeOldReports(dir: string): Promise<void> {
  const numbers = await reportNumbers(dir).catch(() => []);
  let bytes = 0;
  for (const [place, number] of numbers.entries()) {
    const path = reportPath(dir, number);
    bytes += await stat(path).then(({ size }) => size, () => 0); // prettier-ignore
    const surplus = place >= limits.importReportsKept || bytes > limits.importReportsBytes;
    if (surplus && place > 0) await rm(path, { force: true }).catch(() => undefined);
  }
}
