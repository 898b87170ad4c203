// Shared by the launchers and `npm run build`: the program runs from out/, and a stale build is made anew before it starts.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json. */
export const root = fileURLToPath(new URL('../../../', import.meta.url));
const stamp = join(root, 'out/stamp.json');
/** Present while a build runs, so that a second start waits for it instead of building into the same folder. */
const building = join(root, 'out/building');
const BUILD_TIMEOUT_MS = 180_000;

/** All that a build is made from. A package that is installed without its sources has only out/. */
const sources = ['src-shared', 'src-main', 'src-renderer', 'resources', 'electron.vite.config.ts', 'package.json'];

/** Newest change below a path, milliseconds; a folder's own time tells of files that were removed. */
function newestChange(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats || path.endsWith('.test.ts')) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

const newestSource = () => Math.max(...sources.map((path) => newestChange(join(root, path))));

/** Whether the last whole build had seen the sources as they are. */
function isBuilt() {
  try {
    return JSON.parse(readFileSync(stamp, 'utf8')).newestChange === newestSource();
  } catch {
    return false;
  }
}

/** Builds the program. Throws with the build's own words when it fails. */
export async function build() {
  mkdirSync(join(root, 'out'), { recursive: true });
  mkdirSync(building);
  try {
    // Looked at before the build: what changes during it makes the next start build again.
    const newest = newestSource();
    rmSync(stamp, { force: true });
    const packageFile = createRequire(import.meta.url).resolve('electron-vite/package.json');
    const entry = join(dirname(packageFile), JSON.parse(readFileSync(packageFile, 'utf8')).bin['electron-vite']);
    const child = spawn(process.execPath, [entry, 'build', '--logLevel', 'warn'], { cwd: root });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
    if (code !== 0) throw new Error(`The build failed:\n${output}`);
    writeFileSync(stamp, JSON.stringify({ newestChange: newest }));
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

/** Builds the program when its sources changed since the last build, with one line on stderr. */
export async function ensureBuilt() {
  if (!existsSync(join(root, 'electron.vite.config.ts'))) return;
  for (;;) {
    await otherBuildEnded();
    if (isBuilt()) return;
    process.stderr.write('Building Ganvas …\n');
    try {
      return await build();
    } catch (error) {
      // Another start began to build in the same moment: it is waited for.
      if (error.code !== 'EEXIST') throw error;
    }
  }
}

async function otherBuildEnded() {
  for (;;) {
    const began = statSync(building, { throwIfNoEntry: false })?.mtimeMs;
    if (began === undefined) return;
    // Left behind by a build that was killed.
    if (Date.now() - began > BUILD_TIMEOUT_MS) rmSync(building, { recursive: true, force: true });
    else await setTimeout(200);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await otherBuildEnded();
    await build();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
