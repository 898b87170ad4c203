import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { compileKernel, kernelModule } from '../../../../tests/tools/kernel.mjs';
import { kernel } from './kernel';

test('is what its source says', async () => {
  const written = await readFile(new URL('./kernelCode.ts', import.meta.url), 'utf8');
  expect(written, 'npm run build:kernel makes it anew').toBe(kernelModule(await compileKernel()));
}, 60_000);

test('takes more memory where a picture needs it, and gives it back before the next one', () => {
  kernel.begin();
  const place = kernel.put(Uint8Array.of(1, 2, 3));
  const large = kernel.take(1 << 26);
  kernel.bytes(large, 1 << 26).fill(7);
  // What was there is there still, in a larger memory.
  expect([...kernel.bytes(place, 3)]).toEqual([1, 2, 3]);
  expect(kernel.bytes(0, 1).buffer.byteLength).toBeGreaterThan(1 << 26);
  kernel.begin();
  expect(kernel.bytes(0, 1).buffer.byteLength).toBeLessThan(1 << 20);
});
