import { dialog, ipcMain, type BrowserWindow, type IpcMainInvokeEvent, type OpenDialogOptions } from 'electron';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { serialize } from 'node:v8';
import { z } from 'zod';
import type { Method } from '#shared/contract/api';
import { fail, toErrorData } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { Outcome } from '#shared/contract/outcome';
import { writeFileAtomic } from '../../store/atomic';
import type { Studio } from '../../studio/studio';
import type { Uploads } from '../page/uploads';
import { channels } from './channels';
import { isSenderTrusted } from './guards';

export interface Desktop {
  readonly studio: Studio;
  readonly uploads: Uploads;
  readonly pageUrl: string;
  /** The program's one window, while it is open. */
  window(): BrowserWindow | undefined;
}

const JoinUpload = z.strictObject({ uploadId: z.uuid(), paths: z.array(z.string()) });
const UploadedFile = z.strictObject({ uploadId: z.uuid(), name: z.string(), bytes: z.instanceof(Uint8Array) });
const failInvalid = (method: string): never =>
  fail('call.invalid', { method, problem: 'an upload, names and bytes are expected' });

/** Answers the page's messages, and tells it the studio's events. */
export function answerPage(desktop: Desktop): void {
  const { studio, uploads } = desktop;
  handle(desktop, channels.call, async (_window, method, params) => {
    const bytes = serialize(params).byteLength;
    const named = String(method).slice(0, 100);
    if (bytes > limits.callBytes) fail('call.too-large', { method: named, bytes, limit: limits.callBytes });
    // A name that is no method is refused by the studio, which checks it before anything else.
    return uploads.call(method as Method, params);
  });
  handle(desktop, channels.offerDropped, async (_window, paths, uploadId) => {
    if (uploadId !== undefined) {
      const params = JoinUpload.safeParse({ uploadId, paths }).data ?? failInvalid(channels.offerDropped);
      uploads.join(params.uploadId, params.paths);
      return { sourceId: params.uploadId };
    }
    if (Array.isArray(paths) && paths.length === 0) return undefined;
    return studio.call('datasets.offer', { paths }, 'host');
  });
  handle(desktop, channels.openUpload, () => uploads.open());
  handle(desktop, channels.uploadFile, async (_window, uploadId, name, bytes) => {
    const file = UploadedFile.safeParse({ uploadId, name, bytes }).data ?? failInvalid(channels.uploadFile);
    await uploads.add(file.uploadId, file.name, Readable.from([file.bytes]));
  });
  handle(desktop, channels.chooseFolder, async (window) => {
    const paths = await choose(window, {
      title: 'Folders of pictures',
      properties: ['openDirectory', 'multiSelections'],
    });
    return paths && studio.call('datasets.offer', { paths }, 'host');
  });
  handle(desktop, channels.openProject, async (window) => {
    const paths = await choose(window, { title: 'A project’s folder', properties: ['openDirectory'] });
    return paths && studio.call('projects.openAt', { path: paths[0] }, 'host');
  });
  handle(desktop, channels.saveExport, async (window, exportId) => {
    // The studio's own name for it, not the page's.
    const { fileName, bytes } = await studio.call('export.take', { exportId }, 'host');
    const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: join('.', fileName) });
    if (canceled || !filePath) return undefined;
    await writeFileAtomic(filePath, bytes);
    return { path: filePath };
  });
  studio.onEvent((message) => {
    const window = desktop.window();
    if (window && !window.isDestroyed()) window.webContents.send(channels.event, message);
  });
}

/** Undefined when the dialog was closed. */
async function choose(window: BrowserWindow, options: OpenDialogOptions): Promise<readonly string[] | undefined> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
  return canceled || filePaths.length === 0 ? undefined : filePaths;
}

/** The one way in: who asks is checked first, and whatever comes of it goes back as data. */
function handle(
  desktop: Desktop,
  channel: string,
  answer: (window: BrowserWindow, ...args: readonly unknown[]) => Promise<unknown>,
): void {
  ipcMain.handle(channel, async (event, ...args: readonly unknown[]): Promise<Outcome> => {
    try {
      const window = trustedWindow(desktop, event) ?? fail('call.not-allowed', { method: channel });
      return { ok: true, result: await answer(window, ...args) };
    } catch (error) {
      return { ok: false, error: toErrorData(error) };
    }
  });
}

function trustedWindow({ window, pageUrl }: Desktop, event: IpcMainInvokeEvent): BrowserWindow | undefined {
  const { sender, senderFrame } = event;
  const own = window();
  if (!own || own.isDestroyed()) return undefined;
  const isOwnMainFrame = sender === own.webContents && senderFrame?.parent === null;
  return isSenderTrusted({ url: senderFrame?.url, isOwnMainFrame }, pageUrl) ? own : undefined;
}
