import type { DatasetSummary } from '#shared/contract/types';
import type { FitPlan } from './fitPlan';
import type { Manifest } from './manifest';
import type { RecordColumns } from './records';
import type { NotRemade, Remaker } from './remake';

export interface RefitResult {
  /** Undefined: nothing was changed, because all pictures must have the same format and some cannot be made anew. */
  readonly summary: DatasetSummary | undefined;
  /** Pictures that were made anew. */
  readonly done: number;
  readonly missing: readonly NotRemade[];
}

/** What a pack is made anew with. */
export interface Refitting {
  readonly dir: string;
  readonly manifest: Manifest;
  /** What is known of its pictures, shard by shard. */
  readonly records: readonly RecordColumns[];
  readonly plan: FitPlan;
  readonly remaker: Remaker;
  /** Called after each picture that was looked at; `job.cancelled`. */
  readonly step: () => void;
  /** The same without a picture. */
  readonly checkCancelled: () => void;
}
