import type { DesktopBridge } from '#shared/contract/bridge';
import { fail, fromErrorData } from '#shared/contract/errors';
import type { Outcome } from '#shared/contract/outcome';
import type { Client, OfferOptions } from './client';
import type { MadeFiles } from './dropped';
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
    offerFiles: async ({ files }, { made, ...options } = {}) => {
      const uploadId = made && (await uploadMade(bridge, made, options));
      const offered = unwrap(await bridge.offerDropped(files, uploadId));
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

/** Hands over what the page makes, one file after another; the upload's id. */
async function uploadMade(
  bridge: DesktopBridge<File>,
  { count, files }: MadeFiles,
  { onProgress, signal }: Omit<OfferOptions, 'made'>,
): Promise<string> {
  const { sourceId } = unwrap(await bridge.openUpload());
  let [done, bytes] = [0, 0];
  for await (const { name, file } of files) {
    if (signal?.aborted) return fail('job.cancelled');
    unwrap(await bridge.uploadFile(sourceId, name, new Uint8Array(await file.arrayBuffer())));
    bytes += file.size;
    onProgress?.({ done: ++done, total: Math.max(count, done), bytes });
  }
  return sourceId;
}

function unwrap<Value>(outcome: Outcome<Value>): Value {
  if (outcome.ok) return outcome.result;
  throw fromErrorData(outcome.error);
}
