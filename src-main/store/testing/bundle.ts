import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Builds an entry as the program's build does, so that worker threads and child processes can run it; the built file. */
export async function bundle(entry: string, name: string): Promise<URL> {
  // Within the package, so that its dependencies are found.
  const outDir = join(root, 'tests/artifacts/store', name);
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { ssr: join(root, entry), outDir, emptyOutDir: true, target: 'node20', minify: false },
    ssr: { external: true },
  });
  return pathToFileURL(join(outDir, `${entry.split('/').at(-1)?.replace(/\.ts$/, '')}.js`));
}
