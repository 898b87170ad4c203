import { open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { TrainingReport } from '#shared/contract/types';
import { failDisk, systemCode } from './atomic';

const count = z.int().min(0);
/** Loose: a newer Ganvas may write more, and its log still reads. */
const Progress = z.object({
  step: count,
  images: count,
  msPerStep: z.number(),
  imagesPerSecond: z.number(),
  seconds: z.number(),
  augmentProbability: z.number().optional(),
});
const figures = <Name extends string>(...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, z.number()])) as Record<Name, z.ZodNumber>;
const Report: z.ZodType<TrainingReport> = z.union([
  Progress.extend({ ...figures('lossD', 'lossG', 'dReal', 'dFake'), signs: z.number().optional() }),
  Progress.extend(figures('reconstruction', 'kl', 'elbo', 'squaredError', 'activeUnits')),
]);

const metricsPath = (runDir: string) => join(runDir, 'metrics.jsonl');

interface Line {
  readonly report: TrainingReport;
  /** Byte after the line's newline. */
  readonly end: number;
}

/**
 * The sound lines of a log, oldest first. What follows the last newline is a torn write; a line that cannot be read is passed over; and where
 * the steps fall back (a run resumed from an older checkpoint), the lines of the steps that were done anew give way to the later ones.
 */
function soundLines(bytes: Buffer): Line[] {
  const lines: Line[] = [];
  for (let start = 0, end = bytes.indexOf(10); end >= 0; start = end + 1, end = bytes.indexOf(10, start)) {
    const report = parseReport(bytes.toString('utf8', start, end));
    if (!report) continue;
    while ((lines.at(-1)?.report.step ?? -1) >= report.step) lines.pop();
    lines.push({ report, end: end + 1 });
  }
  return lines;
}

function parseReport(text: string): TrainingReport | undefined {
  try {
    return Report.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

async function readLog(runDir: string): Promise<Buffer> {
  try {
    return await readFile(metricsPath(runDir));
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return Buffer.alloc(0);
    return failDisk(error, metricsPath(runDir));
  }
}

/** A run's reports, oldest first, steps strictly rising. Empty before the first. */
export async function readMetrics(runDir: string): Promise<readonly TrainingReport[]> {
  return soundLines(await readLog(runDir)).map(({ report }) => report);
}

/** A run's log, open for adding; whoever opened it closes it. */
export interface MetricsLog {
  /** Adds a report. A failed write (`disk.full`) leaves the log as it was before. */
  append(report: TrainingReport): Promise<void>;
  /** Cuts off the reports of later steps, which are about to be done anew. */
  cutAfter(step: number): Promise<void>;
  /** Waits until the disk has what was added; for checkpoints. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a run's log to go on at `step`: reports of later steps, which are about to be done anew, and a torn last line are cut off.
 */
export async function openMetrics(runDir: string, step: number): Promise<MetricsLog> {
  const path = metricsPath(runDir);
  const endOf = async (last: number) =>
    soundLines(await readLog(runDir)).findLast(({ report }) => report.step <= last)?.end ?? 0;
  let end = await endOf(step);
  const file = await openForAdding(path);
  const cut = () => file.truncate(end).catch((error: unknown) => failDisk(error, path));
  await cut().catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  return {
    async append(report) {
      const line = Buffer.from(`${JSON.stringify(report)}\n`);
      try {
        await writeAt(file, line, end);
        end += line.length;
      } catch (error) {
        // A torn line amid the log would swallow the next one.
        await file.truncate(end).catch(() => undefined);
        failDisk(error, path);
      }
    },
    async cutAfter(last) {
      end = await endOf(last);
      await cut();
    },
    sync: () => file.datasync().catch((error: unknown) => failDisk(error, path)),
    close: () => file.close(),
  };
}

async function openForAdding(path: string): Promise<FileHandle> {
  try {
    // Not 'a': positions are given, so that what a failed write left is written over.
    return await open(path, 'r+');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') return failDisk(error, path);
    return open(path, 'wx+').catch((failure: unknown) => failDisk(failure, path));
  }
}

async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
