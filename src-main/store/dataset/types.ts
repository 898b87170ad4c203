import type { LiveImportReport } from '#shared/contract/events';
import type { DatasetSummary, ImportProposal, PictureBatch, PictureFit } from '#shared/contract/types';
import type { LeftOut } from '#shared/dataset/leftOut';

/** Where pictures come from: a file, or a folder with all that is in it. */
export interface PictureSource {
  readonly kind: 'path';
  readonly path: string;
  /** The file or folder is the program's own to keep: it is moved beside the pack. */
  readonly adopt?: boolean;
}

export interface ImportOptions {
  /** Side of the square pictures in the pack, pixels; proposed from the pictures when left out. */
  readonly size?: number | undefined;
  readonly channels?: 1 | 3 | undefined;
  /** How pictures become squares; that of the pack once it has pictures, from which nothing given here may differ. */
  readonly fit?: { readonly [Part in keyof PictureFit]?: PictureFit[Part] | undefined } | undefined;
  /** Takes every so many frames of animations as pictures of their own, 0: the first alone; that of the animations taken last when left out. Those that are there keep their frames. */
  readonly everyFrame?: number | undefined;
  /** Files that never came here: they are listed with those that are skipped. */
  readonly leftOut?: LeftOut | undefined;
  /** Called with the files done and found so far; `total` is undefined while folders are still walked. */
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
  /** Called whenever the report has grown; `report` gives what it says by then. */
  readonly onReport?: ((report: () => ImportReport) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ImportProgress {
  readonly phase: 'finding' | 'looking' | 'decoding' | 'saving';
  readonly done: number;
  readonly total: number | undefined;
}

export type ImportReport = Omit<LiveImportReport, 'jobId'>;

export interface ImportResult {
  readonly summary: DatasetSummary;
  readonly proposal: ImportProposal;
}

/** A project's packed pictures, open for reading; whoever opened it closes it. */
export interface Pack {
  readonly count: number;
  readonly size: number;
  readonly channels: 1 | 3;
  /** Changes with the content. */
  readonly hash: string;
  /** The classes' names; a label is a place among them. Empty when the pictures have no classes. */
  readonly classes: readonly string[];
  /** Each picture's class, −1 for none. */
  readonly labels: Int32Array;
  /** Writes the pictures at `indices` into `target`, `[indices.length, size, size, channels]` in −1 … 1. Synchronous: for the training thread. */
  readInto(target: Float32Array, indices: Uint32Array): void;
  /** `count` pictures from the `from`-th on, fewer at the end. */
  pictures(from: number, count: number): Promise<PictureBatch>;
  /** The pictures at these places, those that there are. */
  picturesAt(indices: readonly number[]): Promise<PictureBatch>;
  close(): Promise<void>;
}
