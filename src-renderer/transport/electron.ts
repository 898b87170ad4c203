import type { DesktopBridge } from '#shared/contract/bridge';
import { fromErrorData } from '#shared/contract/errors';
import type { Outcome } from '#shared/contract/outcome';
import type { Client } from './client';
import { Listeners } from './listeners';

/** The studio in the desktop window, over the preload's bridge. It lives in the same program, so it is always connected. */
export function createElectronClient(bridge: DesktopBridge<File>): Client {
  const listeners = new Listeners();
  const end = bridge.onEvent((message) => listeners.tell(message));
  return {
    host: 'electron',
    call: async (method, params) => unwrap(await bridge.call(method, params)),
    on: (event, listener) => listeners.on(event, listener),
    onConnection: (listener) => {
      listener({ state: 'connected' });
      return () => undefined;
    },
    offerFiles: async ({ files }) => {
      const offered = unwrap(await bridge.offerDropped(files));
      if (!offered) throw fromErrorData({ code: 'dataset.source-unknown', facts: {} });
      return offered;
    },
    chooseFolder: async () => unwrap(await bridge.chooseFolder()),
    openProject: async () => unwrap(await bridge.openProject()),
    save: async ({ exportId }) => {
      const written = unwrap(await bridge.saveExport(exportId));
      return { saved: written !== undefined, path: written?.path };
    },
    close: end,
  };
}

function unwrap<Value>(outcome: Outcome<Value>): Value {
  if (outcome.ok) return outcome.result;
  throw fromErrorData(outcome.error);
}
