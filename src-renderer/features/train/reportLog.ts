import type { TrainingReport } from '#shared/contract/types';

/** Reports held in the page. A report comes a few times a second, so a night's run would fill memory without a cap. */
const CAPACITY = 8000;

/**
 * Appends a report to a run's reports (oldest first). A report at or before the last step replaces what it repeats: a run resumed from a
 * checkpoint goes over the steps since that checkpoint again. Beyond the capacity every second older report goes; the newest quarter stays whole.
 */
export function appendReport(
  reports: readonly TrainingReport[],
  report: TrainingReport,
  capacity = CAPACITY,
): TrainingReport[] {
  let kept = reports.length;
  while (kept > 0 && (reports[kept - 1] as TrainingReport).step >= report.step) kept--;
  const appended = [...reports.slice(0, kept), report];
  return appended.length > capacity ? thinOut(appended) : appended;
}

function thinOut(reports: readonly TrainingReport[]): TrainingReport[] {
  const wholeFrom = Math.floor(reports.length * 0.75);
  return reports.filter((_, index) => index >= wholeFrom || index % 2 === 0);
}
