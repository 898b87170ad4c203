import { contextBridge, ipcRenderer, webUtils, type IpcRendererEvent } from 'electron';
import type { DesktopBridge } from '#shared/contract/bridge';
import type { EventMessage } from '#shared/contract/events';
import { channels } from './channels';

/**
 * The one file that runs beside the sandboxed page. It hands over these functions and nothing that could send any
 * other message: the page gets no ipcRenderer, no event object, and paths alone of files that its user dropped.
 */
const bridge: DesktopBridge<File> = {
  host: 'electron',
  call: (method, params) => ipcRenderer.invoke(channels.call, method, params),
  onEvent(listener) {
    const hear = (_event: IpcRendererEvent, message: EventMessage): void => listener(message);
    ipcRenderer.on(channels.event, hear);
    return () => void ipcRenderer.off(channels.event, hear);
  },
  offerDropped(files, uploadId) {
    // A File that a script made has no path.
    const paths = files.map((file) => webUtils.getPathForFile(file)).filter((path) => path !== '');
    return ipcRenderer.invoke(channels.offerDropped, paths, uploadId);
  },
  openUpload: () => ipcRenderer.invoke(channels.openUpload),
  uploadFile: (uploadId, name, bytes) => ipcRenderer.invoke(channels.uploadFile, uploadId, name, bytes),
  chooseFolder: () => ipcRenderer.invoke(channels.chooseFolder),
  openProject: () => ipcRenderer.invoke(channels.openProject),
  saveExport: (exportId) => ipcRenderer.invoke(channels.saveExport, exportId),
};

contextBridge.exposeInMainWorld('ganvas', bridge);
