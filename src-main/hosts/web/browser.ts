import { spawn } from 'node:child_process';

/** The system's own way to open a URL; undefined where no screen is to be expected. */
export function openerOf(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): { readonly command: string; readonly args: readonly string[] } | undefined {
  if (platform === 'darwin') return { command: 'open', args: [] };
  // Not `start`, which is the shell's: a shell would read the URL's & as its own.
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler'] };
  return env.DISPLAY || env.WAYLAND_DISPLAY ? { command: 'xdg-open', args: [] } : undefined;
}

/** Opens a URL in the user's browser. Without one nothing happens: the URL was printed. */
export function openInBrowser(url: string): void {
  const opener = openerOf(process.platform, process.env);
  if (!opener) return;
  const child = spawn(opener.command, [...opener.args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
