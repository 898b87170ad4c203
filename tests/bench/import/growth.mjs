/**
 * What an import of many files holds beyond one of few, as JSON, each in a process of its own: `node tests/bench/import/growth.mjs [FEW MANY]`.
 * `peakBytes`: resident memory at most; `heapBytes`, `bufferBytes`: what the importing thread still held, in objects and beside them, when the last file was
 * packed, its garbage taken out.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSmall } from './pictures.mjs';

const [few = 5000, many = 20_000] = process.argv.slice(2).map(Number);
/** The pictures' own side, and the one they are packed with: large beside what is kept of a file, so that a leak of pixels shows. */
const SIDE = 16;
const SIZE = 64;

const script = (name) => fileURLToPath(new URL(name, import.meta.url));
const outDir = script('../../artifacts/import-growth');
execFileSync(process.execPath, [script('build.mjs'), outDir], { stdio: 'inherit' });
const work = mkdtempSync(join(tmpdir(), 'ganvas-import-growth-'));

function imported(files) {
  const [project, pictures] = [join(work, `project-${files}`), join(work, `pictures-${files}`)];
  mkdirSync(project);
  writeSmall(pictures, files, SIDE);
  const order = [script('peak.mjs'), join(outDir, 'entry.js'), project, pictures, String(SIZE)];
  return { files, ...JSON.parse(execFileSync(process.execPath, order, { encoding: 'utf8' })) };
}

try {
  console.log(JSON.stringify([few, many].map(imported)));
} finally {
  rmSync(work, { recursive: true, force: true });
}
