import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const growth = fileURLToPath(new URL('../bench/import/growth.mjs', import.meta.url));

interface Imported {
  readonly files: number;
  readonly pictures: number;
  readonly peakBytes: number;
  readonly heapBytes: number;
  readonly bufferBytes: number;
}

/** Of a file it is held where it lies, of its picture what is known, both in columns: no object. A file as an object takes 600 bytes, a picture's record 1000. */
const HEAP_A_FILE = 250;
/** What waits to be written is some of it: up to 4 MB, which 15 000 more files share. A picture of 64² has 12 288 bytes. */
const BUFFERS_A_FILE = 1500;
/** Garbage that nobody has taken out yet is some 60 MB of it; 15 000 pictures are 184 MB. */
const PEAK_GROWTH = 150e6;

/** Processes of their own, that import pictures of 16² to 64². */
it('an import holds little of each file, however many there are', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [growth, '5000', '20000']);
  const [few, many] = JSON.parse(stdout) as readonly [Imported, Imported];
  expect([few.pictures, many.pictures]).toEqual([5000, 20_000]);
  const files = many.files - few.files;
  expect((many.heapBytes - few.heapBytes) / files).toBeLessThan(HEAP_A_FILE);
  expect((many.bufferBytes - few.bufferBytes) / files).toBeLessThan(BUFFERS_A_FILE);
  expect(many.peakBytes - few.peakBytes).toBeLessThan(PEAK_GROWTH);
}, 300_000);
