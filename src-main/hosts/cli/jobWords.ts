import type { EventMessage, JobProgress, LiveImportReport } from '#shared/contract/events';
import type { ImportCounts } from '#shared/contract/types';

/** What a terminal's one line says of the job under way. */
export class JobWords {
  #progress: JobProgress | undefined;
  #report: LiveImportReport | undefined;

  /** The words after an event; undefined: it is none of a job. */
  after(message: EventMessage): string | undefined {
    if (message.event === 'job.progress') this.#progress = message.data;
    else if (message.event === 'import.report') this.#report = message.data;
    else return undefined;
    const counts = this.#report && this.#report.jobId === this.#progress?.jobId && countsOf(this.#report);
    return [this.#progress && describe(this.#progress), counts].filter(Boolean).join(': ');
  }
}

function describe({ label, done, total, secondsLeft }: JobProgress): string {
  const counted = total === undefined ? '' : ` ${done} of ${total}`;
  const left = secondsLeft === undefined ? '' : `, ${Math.ceil(secondsLeft)} s left`;
  return `${label}${counted}${left}`;
}

/** Short, so that it fits a terminal of 80 characters: `40 added, 3 skipped, 2 known` */
const countsOf = ({ added, duplicates, skippedCount }: ImportCounts): string =>
  `${added} added, ${skippedCount} skipped, ${duplicates} known`;
