import { BrowserWindow, nativeTheme, type BrowserWindowConstructorOptions } from 'electron';

/** A page that fails again this soon is not loaded once more: it would go on for ever. */
const RELOAD_AFTER_MS = 10_000;

/** The page's own background (`--bg` of its tokens), shown until the page is drawn: no flash. */
const BACKGROUND = { dark: '#121314', light: '#ececeb' } as const;

/** The window's options; its page is as confined as a page can be. */
export function windowOptions(preload: string, theme: 'dark' | 'light'): BrowserWindowConstructorOptions {
  return {
    title: 'Ganvas',
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    backgroundColor: BACKGROUND[theme],
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}

/** Opens the window on the page. It closes itself; the studio lives on without it. */
export function openWindow(pageUrl: string, preload: string): BrowserWindow {
  const window = new BrowserWindow(windowOptions(preload, nativeTheme.shouldUseDarkColors ? 'dark' : 'light'));
  window.once('ready-to-show', () => window.show());
  let lostAt = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    const now = performance.now();
    if (reason !== 'clean-exit' && now - lostAt > RELOAD_AFTER_MS) window.webContents.reload();
    lostAt = now;
  });
  void window.loadURL(pageUrl);
  return window;
}
