/**
 * A TEST DOUBLE of the `electron` module: no Electron runs here. It has what the program's main bundle uses, and shows
 * its window in a real Chromium page. What it cannot prove is said in shell.test.ts.
 */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { attachControl } from './control.mjs';
import { closeBrowser, openPage } from './page.mjs';
import { createRendererModule } from './rendererModule.mjs';

export { utilityProcess } from './utilityProcess.mjs';

/** What the test looks at afterwards. */
export const seen = {
  opened: [],
  outgoing: [],
  prevented: [],
  schemes: [],
  windows: [],
  menu: [],
  dialogs: [],
  errors: [],
};
/** What the next dialogs answer, set by the test. */
export const answers = { open: [], save: [] };
const invokable = new Map();
const servers = new Map();

/** An event of Electron's kind: its listeners may say no. */
export function emitPreventable(emitter, name, details = {}, ...more) {
  const event = { ...details, defaultPrevented: false, preventDefault: () => (event.defaultPrevented = true) };
  emitter.emit(name, event, ...more);
  return event.defaultPrevented;
}

class App extends EventEmitter {
  isPackaged = false;
  #ready = false;
  #whenReady = new Promise((resolve) =>
    // Electron is ready when the main module has run to its end, not before.
    setImmediate(() => {
      this.#ready = true;
      resolve();
    }),
  );
  isReady = () => this.#ready;
  whenReady = () => this.#whenReady;
  /** As on a machine without a GPU. */
  getGPUInfo = () => Promise.reject(new Error('GPU access not allowed.'));
  requestSingleInstanceLock = () => process.env.DOUBLE_SECOND_INSTANCE !== '1';

  quit() {
    setImmediate(async () => {
      if (emitPreventable(this, 'before-quit')) return;
      for (const window of [...seen.windows]) window.close();
      emitPreventable(this, 'will-quit');
      await this.exit(0);
    });
  }

  async exit(code) {
    await closeBrowser();
    process.exit(code);
  }
}
export const app = new App();

export const protocol = {
  registerSchemesAsPrivileged(schemes) {
    if (app.isReady()) throw new Error('Schemes are registered before the app is ready.');
    seen.schemes.push(...schemes);
  },
  handle: (scheme, answer) => servers.set(scheme, answer),
};
/** The program's own answer to a request of its page. */
export const serve = (url, method) => servers.get(new URL(url).protocol.slice(0, -1))?.(new Request(url, { method }));

class Session extends EventEmitter {
  permissions = { request: undefined, check: undefined, device: undefined };
  setPermissionRequestHandler = (handler) => (this.permissions.request = handler);
  setPermissionCheckHandler = (handler) => (this.permissions.check = handler);
  setDevicePermissionHandler = (handler) => (this.permissions.device = handler);
}
export const session = { defaultSession: new Session() };

export const nativeTheme = { shouldUseDarkColors: true };
export const shell = { openExternal: async (url) => void seen.opened.push(url) };
export const dialog = {
  async showOpenDialog(_window, options) {
    seen.dialogs.push(options);
    const filePaths = answers.open.shift();
    return { canceled: !filePaths, filePaths: filePaths ?? [] };
  },
  async showSaveDialog(_window, options) {
    seen.dialogs.push(options);
    const filePath = answers.save.shift();
    return { canceled: !filePath, filePath: filePath ?? '' };
  },
  showErrorBox: (title, content) => void seen.errors.push(`${title} ${content}`),
};

export const Menu = {
  buildFromTemplate: (template) => template,
  setApplicationMenu: (template) => (seen.menu = template),
};

export const ipcMain = {
  handle(channel, answer) {
    if (invokable.has(channel)) throw new Error(`${channel} has a handler already.`);
    invokable.set(channel, answer);
  },
};

/** Sends a message to the main process as `sender`'s frame; arguments and answer are cloned, as between processes. */
export async function invoke(sender, senderFrame, channel, ...args) {
  const answer = invokable.get(channel);
  if (!answer) throw new Error(`No handler registered for '${channel}'`);
  return structuredClone(await answer({ sender, senderFrame }, ...structuredClone(args)));
}

class WebContents extends EventEmitter {
  page;
  mainFrame = { url: '', parent: null };
  renderer = new EventEmitter();
  openHandler = () => ({ action: 'allow' });
  setWindowOpenHandler = (handler) => (this.openHandler = handler);
  send(channel, ...args) {
    this.renderer.emit(channel, {}, ...structuredClone(args));
  }
  reload = () => void this.page?.reload();
}

export class BrowserWindow extends EventEmitter {
  webContents = new WebContents();
  shown = false;
  #destroyed = false;

  constructor(options) {
    super();
    this.options = options;
    seen.windows.push(this);
    app.emit('web-contents-created', {}, this.webContents);
  }

  async loadURL(url) {
    const contents = this.webContents;
    const preload = readFileSync(this.options.webPreferences.preload, 'utf8');
    const { module, exposed } = createRendererModule(contents);
    // A sandboxed preload can require `electron` and little else.
    const requireElectron = (name) => {
      if (name !== 'electron') throw new Error(`module not found: ${name}`);
      return module;
    };
    new Function('require', 'module', 'exports', preload)(requireElectron, { exports: {} }, {});
    contents.page = await openPage({ url, contents, exposed });
    this.emit('ready-to-show');
  }

  show = () => (this.shown = true);
  focus = () => undefined;
  restore = () => undefined;
  isMinimized = () => false;
  isDestroyed = () => this.#destroyed;

  close() {
    if (this.#destroyed) return;
    this.#destroyed = true;
    seen.windows.splice(seen.windows.indexOf(this), 1);
    this.emit('closed');
    if (seen.windows.length === 0) app.emit('window-all-closed');
  }
}

attachControl();
