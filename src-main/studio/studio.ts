import type { Method, Result } from '#shared/contract/api';
import { fail } from '#shared/contract/errors';
import type { EventMessage } from '#shared/contract/events';
import { appHandlers } from './app';
import { createContext, type StudioOptions } from './context';
import { curationHandlers } from './curation';
import { datasetHandlers } from './datasets';
import { engineHandlers } from './engines';
import { exportHandlers } from './exports';
import { runCall, type Caller, type Handlers } from './handlers';
import { jobHandlers } from './jobs';
import { latentHandlers } from './latent';
import { projectHandlers } from './projects';
import { recipeHandlers } from './recipe';
import { trainingHandlers } from './training';

export type { StudioOptions } from './context';

/** The program behind every host: the desktop window, the web page and the command line call the same rows. */
export interface Studio {
  /** Validates the parameters by the contract's row and runs the call; a `client` may not call host-only rows. Rejects with a GanvasError only. */
  call<M extends Method>(method: M, params: unknown, from: Caller): Promise<Result<M>>;
  /** Tells the listener every event until the returned function is called. */
  onEvent(listener: (message: EventMessage) => void): () => void;
  /** Stops a run at a checkpoint, then closes the workers and gives the projects' locks back. Calls after it are refused. */
  close(): Promise<void>;
}

/** A studio over the projects of this machine's user; whoever makes it closes it. */
export function createStudio(options: StudioOptions): Studio {
  const context = createContext(options);
  const handlers: Handlers = {
    ...appHandlers(context),
    ...projectHandlers(context),
    ...datasetHandlers(context),
    ...curationHandlers(context),
    ...recipeHandlers(context),
    ...trainingHandlers(context),
    ...latentHandlers(context),
    ...exportHandlers(context),
    ...engineHandlers(context),
    ...jobHandlers(context),
  };
  let closing: Promise<void> | undefined;
  return {
    async call(method, params, from) {
      if (closing) fail('program.closing');
      return runCall(handlers, method, params, from);
    },
    onEvent: (listener) => context.events.listen(listener),
    close: () => (closing ??= context.close()),
  };
}
