import type {
  CurationSummary,
  ImportCounts,
  ProjectDetail,
  ReportCode,
  RunStatus,
  SampleSheet,
  TrainingReport,
} from './types';

/** What the studio tells its clients unasked. Every client gets every event; each names its project or job. */
export interface Events {
  'training.status': RunStatus;
  'training.report': { readonly projectId: string; readonly runId: string; readonly report: TrainingReport };
  /** New pictures of the fixed latents. */
  'training.samples': { readonly projectId: string; readonly sheet: SampleSheet };
  /** A project's recipe, pictures or name changed (by any client). */
  'project.changed': { readonly project: ProjectDetail };
  /** What is trained on, or how, was changed (by any client). */
  'curation.changed': { readonly projectId: string; readonly curation: CurationSummary };
  'job.progress': JobProgress;
  /** What an import has met so far, a few times a second while that grows. */
  'import.report': LiveImportReport;
}

export interface JobProgress {
  readonly jobId: string;
  /** What is being done, for people. */
  readonly label: string;
  readonly done: number;
  /** Undefined while it is not known. */
  readonly total: number | undefined;
  readonly secondsLeft: number | undefined;
}

export interface LiveImportReport extends ImportCounts {
  readonly jobId: string;
  /** The last files that there was something to say about, the newest first; at most {@link limits.newestReported}. */
  readonly newest: readonly NewestFile[];
}

export interface NewestFile {
  readonly file: string;
  readonly codes: readonly ReportCode[];
}

export type EventName = keyof Events;
export type EventMessage = {
  readonly [Name in EventName]: { readonly event: Name; readonly data: Events[Name] };
}[EventName];
