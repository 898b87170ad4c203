/** Names of the messages between the window's preload and the main process. No imports: the preload is one small file. */
export const channels = {
  call: 'ganvas:call',
  event: 'ganvas:event',
  offerDropped: 'ganvas:offer-dropped',
  openUpload: 'ganvas:open-upload',
  uploadFile: 'ganvas:upload-file',
  chooseFolder: 'ganvas:choose-folder',
  openProject: 'ganvas:open-project',
  saveExport: 'ganvas:save-export',
} as const;
