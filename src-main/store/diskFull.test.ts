import { execFile, spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { bundle } from './testing/bundle';
import { colourful } from './testing/pictures';
import { temporaryFolder } from './testing/temporaryFolder';

/** A small disk needs a mount namespace of one's own, which not every machine allows. */
const mountable = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/mnt']).status === 0;
if (!mountable) process.stderr.write('skipped: a full disk (no mount namespace on this machine)');

test.skipIf(!mountable)(
  'on a full disk every write says so and leaves what was there; with room again it goes on',
  async () => {
    const root = await temporaryFolder();
    const [disk, pictures] = [join(root, 'disk'), join(root, 'pictures')];
    await mkdir(disk);
    await mkdir(join(pictures, 'more'), { recursive: true });
    for (let seed = 0; seed < 30; seed++) {
      const folder = seed < 5 ? pictures : join(pictures, 'more');
      await writeFile(join(folder, `${seed}.png`), await colourful(seed).png().toBuffer());
    }
    const program = fileURLToPath(await bundle('src-main/store/testing/fillDisk.ts', 'disk-full'));
    const script = 'mount -t tmpfs -o size=4m tmpfs "$1" && exec "$2" "$3" "$1" "$4"';
    const parameters = ['-rm', 'sh', '-c', script, 'sh', disk, process.execPath, program, pictures];
    const { stdout } = await promisify(execFile)('unshare', parameters);
    expect(JSON.parse(stdout)).toEqual({
      full: { note: 'disk.full', checkpoint: 'disk.full', import: 'disk.full', metrics: 'disk.full' },
      left: { note: 'old', checkpoint: 1, images: true, metrics: true, entries: ['filler'] },
      after: { note: 'written', checkpoint: 'written', import: 'written', metrics: 'written', reports: true },
    });
  },
);
