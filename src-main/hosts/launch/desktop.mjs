// Whether the desktop window can be opened here. Never requires `electron`: under Node that would start a download.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Fetches Electron's binary once: its package has a script for that, and none that runs by itself. */
export const FETCH_ELECTRON = 'npx install-electron';

/** Electron's binary as its package notes it: `path.txt` names the file inside `dist`. Undefined when it was not fetched. */
export function electronBinary(packageFolder, env) {
  try {
    const name = readFileSync(join(packageFolder, 'path.txt'), 'utf8').trim();
    const path = join(env.ELECTRON_OVERRIDE_DIST_PATH ?? join(packageFolder, 'dist'), name);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Why no window can be opened, for people; undefined when one can. */
export function whyNoWindow({ binary, platform, env, userId }) {
  if (binary === undefined) return `Electron’s binary is not here (fetch it once with: ${FETCH_ELECTRON})`;
  if (platform !== 'linux') return undefined;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display';
  // Chromium's sandbox refuses root, and the window never runs without it.
  if (userId === 0) return 'the window’s sandbox does not run as root';
  return undefined;
}
