import type { Method, Params, Result } from './api';
import type { EventMessage } from './events';
import type { Outcome } from './outcome';
import type { ProjectDetail } from './types';

/**
 * `window.ganvas` in the desktop window: all that the sandboxed page may ask of its machine. Errors come back as data,
 * because a thrown Error loses its code and facts on the way. `DroppedFile` is the DOM's `File` (this folder has no DOM).
 */
export interface DesktopBridge<DroppedFile = unknown> {
  readonly host: 'electron';
  call<M extends Method>(method: M, params: Params<M>): Promise<Outcome<Result<M>>>;
  /** Tells the listener every event until the returned function is called. */
  onEvent(listener: (message: EventMessage) => void): () => void;
  /**
   * Hands over files or folders that the user dropped, with an upload where there is one; the id is for `datasets.import`. Undefined: none of them is on disk,
   * and there is no upload.
   */
  offerDropped(
    files: readonly DroppedFile[],
    uploadId?: string,
  ): Promise<Outcome<{ readonly sourceId: string } | undefined>>;
  /** Opens an upload for files that the page itself makes: frames of a video. */
  openUpload(): Promise<Outcome<{ readonly sourceId: string }>>;
  uploadFile(uploadId: string, name: string, bytes: Uint8Array): Promise<Outcome<undefined>>;
  /** Asks for folders of pictures. Undefined: the dialog was closed. */
  chooseFolder(): Promise<Outcome<{ readonly sourceId: string } | undefined>>;
  /** Asks for a project's folder and opens it. Undefined: the dialog was closed. */
  openProject(): Promise<Outcome<ProjectDetail | undefined>>;
  /** Asks where to put a finished export, under the name that the studio gave it, and writes it there. Undefined: the dialog was closed. */
  saveExport(exportId: string): Promise<Outcome<{ readonly path: string } | undefined>>;
}
