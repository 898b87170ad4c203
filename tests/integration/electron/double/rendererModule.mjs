// TEST DOUBLE: what `require('electron')` gives to a window's preload.
import { invoke } from './electron.mjs';

/** Paths of files that the test says were dropped, by the file's name in the page. */
export const dropped = new Map();

/** The preload's module, and what it exposes to the page, by name. */
export function createRendererModule(contents) {
  const exposed = new Map();
  const module = {
    contextBridge: { exposeInMainWorld: (name, api) => exposed.set(name, api) },
    ipcRenderer: {
      invoke: (channel, ...args) => invoke(contents, contents.mainFrame, channel, ...args),
      on: (channel, listener) => contents.renderer.on(channel, listener),
      off: (channel, listener) => contents.renderer.off(channel, listener),
    },
    webUtils: { getPathForFile: (file) => dropped.get(file.name) ?? '' },
  };
  return { module, exposed };
}
