import type { CurationSummary, ProjectDetail, RunStatus, SampleSheet, TrainingReport } from './types';

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

export type EventName = keyof Events;
export type EventMessage = {
  readonly [Name in EventName]: { readonly event: Name; readonly data: Events[Name] };
}[EventName];
