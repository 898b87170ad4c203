import type { GanReport, TrainingReport, VaeReport } from '#shared/contract/types';

/** A run's reports by the model that made them: all of a run are of one. */
export function ganReports(reports: readonly TrainingReport[]): readonly GanReport[] {
  return reports.filter((report) => 'lossD' in report);
}

export function vaeReports(reports: readonly TrainingReport[]): readonly VaeReport[] {
  return reports.filter((report) => 'elbo' in report);
}
