import { app, session, shell, type WebContents } from 'electron';
import { externalLink, isNavigationAllowed, isPermissionAllowed } from './guards';

/** Keeps every page of the program, also one that nobody meant to open, where it is and without further rights. */
export function confinePages(pageUrl: string): void {
  app.on('web-contents-created', (_event, contents) => confine(contents, pageUrl));
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(isPermissionAllowed(permission)),
  );
  defaultSession.setPermissionCheckHandler((_contents, permission) => isPermissionAllowed(permission));
  defaultSession.setDevicePermissionHandler(() => false);
  // Exports are written by the save dialog; nothing else leaves the page as a file.
  defaultSession.on('will-download', (event) => event.preventDefault());
}

function confine(contents: WebContents, pageUrl: string): void {
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isNavigationAllowed(event.url, pageUrl)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(({ url }) => {
    const link = externalLink(url);
    if (link) void shell.openExternal(link);
    return { action: 'deny' };
  });
}
