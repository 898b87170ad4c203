import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** The built page's files. Only what was in its folder at start can be read: a path is looked up, never resolved. */
export interface PageFiles {
  /** The bytes of `/assets/index-1a2b.js`; undefined when there is no such file. */
  read(name: string): Promise<Uint8Array | undefined>;
}

/** Lists the folder once. Links are left out, so nothing outside the folder is reachable. */
export async function openPageFiles(folder: string): Promise<PageFiles> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, path).split(sep).join('/')}`, path);
  }
  return {
    async read(name) {
      const path = files.get(name);
      return path === undefined ? undefined : await readFile(path);
    },
  };
}
