import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A folder of the program's own `resources/`. It lies at the package's root, which is some folders up from here: another number of them from source,
 * from `out/main/` and within a packaged app.
 */
export function resourcePath(...parts: readonly string[]): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'resources', ...parts))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`resources/${parts.join('/')} is missing from this installation`);
    folder = above;
  }
  return join(folder, 'resources', ...parts);
}
