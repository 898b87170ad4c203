import type { Method, Params, Result } from '#shared/contract/api';
import type { EventName, Events } from '#shared/contract/events';
import type { ExportReady, ProjectDetail } from '#shared/contract/types';
import type { LeftOut } from '#shared/dataset/leftOut';
import type { DroppedItems, MadeFiles, NamedFile } from './dropped';

/** `retrying`: the studio cannot be reached; calls reject with `connection.lost` until it is back. */
export type Connection = { readonly state: 'connected' } | { readonly state: 'retrying'; readonly attempt: number };

export interface UploadProgress {
  /** Files handed over; while folders are still being read, files found. */
  readonly done: number;
  /** Undefined while folders are still being read. */
  readonly total: number | undefined;
  readonly bytes: number;
}

export interface OfferOptions {
  readonly onProgress?: (progress: UploadProgress) => void;
  readonly signal?: AbortSignal;
  /** Goes with what was dropped; these are copied in either host. */
  readonly made?: MadeFiles | undefined;
}

/** Pictures that wait to be imported. */
export interface Offered {
  readonly sourceId: string;
  /** What of the drop could not be handed over; its import is told. */
  readonly leftOut?: LeftOut | undefined;
  /** Videos in folders that were handed over: imports take none, but the page can take their frames. */
  readonly videos?: readonly NamedFile[] | undefined;
}

export interface SaveOutcome {
  /** False when the user closed the dialog. */
  readonly saved: boolean;
  /** Where, if the host knows. */
  readonly path?: string | undefined;
}

/**
 * The studio as the page sees it, the same in the desktop window and in the browser. Calls reject with a GanvasError.
 * Whoever makes a client closes it.
 */
export interface Client {
  readonly host: 'electron' | 'web';
  call<M extends Method>(method: M, params: Params<M>): Promise<Result<M>>;
  /** Returns what ends the listening. */
  on<E extends EventName>(event: E, listener: (data: Events[E]) => void): () => void;
  /** Told at once how it stands, then of each change; returns what ends the listening. */
  onConnection(listener: (connection: Connection) => void): () => void;
  /** Hands pictures over for `datasets.import`. In the browser this uploads them. */
  offerFiles(items: DroppedItems, options?: OfferOptions): Promise<Offered>;
  /** The system's own folder dialog; absent where the page has only a file input. Undefined: the user closed it. */
  readonly chooseFolder?: () => Promise<Offered | undefined>;
  /** The system's own dialog for a project's folder; absent in the browser. */
  readonly openProject?: () => Promise<ProjectDetail | undefined>;
  /** Turns a finished export into a file: a save dialog on the desktop, a download in the browser. */
  save(ready: ExportReady): Promise<SaveOutcome>;
  close(): void;
}
