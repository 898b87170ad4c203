import { app, dialog, Menu, type BrowserWindow } from 'electron';
import { join } from 'node:path';
import { toErrorData } from '#shared/contract/errors';
import { disableTelemetry } from '../../engine/telemetry';
import { openPageFiles } from '../../store/pageFiles';
import { createStudio, type Studio } from '../../studio/studio';
import { createUploads, type Uploads } from '../page/uploads';
import { homeFolder, version } from '../program';
import { confinePages } from './confine';
import { desktopDecoders } from './desktopDecoders';
import { PAGE_URL } from './guards';
import { gpusOfChromium } from './gpus';
import { answerPage } from './ipc';
import { menuTemplate } from './menu';
import { registerPageScheme, servePage } from './protocol';
import { utilityProcesses } from './utilityProcesses';
import { openWindow } from './window';

const preload = join(import.meta.dirname, '../preload/preload.cjs');
const pageFolder = join(import.meta.dirname, '../renderer');
// `npm run dev` serves the page itself; an installed program never listens to this.
const pageUrl = new URL((!app.isPackaged && process.env['ELECTRON_RENDERER_URL']) || PAGE_URL).href;

disableTelemetry();
registerPageScheme();
// A second start shows the first one's window.
if (app.requestSingleInstanceLock()) void start().catch(giveUp);
else app.quit();

// Not awaited at the top: Electron is not ready before this module has run to its end.
async function start(): Promise<void> {
  let window: BrowserWindow | undefined;
  const show = (): void => {
    if (window === undefined || window.isDestroyed()) window = openWindow(pageUrl, preload);
    if (window.isMinimized()) window.restore();
    window.focus();
  };

  await app.whenReady();
  servePage(await openPageFiles(pageFolder));
  confinePages(pageUrl);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform, app.isPackaged)));
  const studio = createStudio({
    home: homeFolder(),
    host: 'electron',
    version,
    gpus: gpusOfChromium,
    decoders: desktopDecoders(process.platform),
    trainingProcess: utilityProcesses('Ganvas training'),
  });
  const uploads = await createUploads(studio, homeFolder());
  closeBeforeQuit(studio, uploads);
  answerPage({ studio, uploads, pageUrl, window: () => window });
  show();

  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

function giveUp(error: unknown): void {
  const { message, hint } = toErrorData(error);
  dialog.showErrorBox(message, hint);
  app.exit(2);
}

/** Quitting waits until the run has stopped at a checkpoint; a second wish to quit waits for the same one. */
function closeBeforeQuit(studio: Studio, uploads: Uploads): void {
  let state: 'open' | 'closing' | 'closed' = 'open';
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    void studio
      .close()
      .finally(() => uploads.close())
      .catch((error: unknown) => console.error(error))
      .finally(() => {
        state = 'closed';
        app.quit();
      });
  });
}
