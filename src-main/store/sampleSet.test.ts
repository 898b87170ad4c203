import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { importPictures } from './dataset/import';
import { resourcePath } from './resources';
import { sampleSetCount, sampleSetPreview, sampleSetSources } from './sampleSet';
import { temporaryFolder } from './testing/temporaryFolder';

test('the sample set is whole, every picture of it different, in colour and 64×64', async () => {
  const count = await sampleSetCount();
  expect(count).toBeGreaterThanOrEqual(300);
  const project = { dir: await temporaryFolder() };
  const { summary, proposal } = await importPictures(project, sampleSetSources());
  expect(proposal).toEqual({ size: 64, channels: 3 });
  expect(summary).toMatchObject({ images: count, duplicates: 0, skippedCount: 0 });
});

test('its licence and origin stand beside it', async () => {
  expect(await readFile(resourcePath('sample-set', 'LICENSE'), 'utf8')).toContain('MIT License');
  expect(await readFile(resourcePath('sample-set', 'README.md'), 'utf8')).toContain(
    `${await sampleSetCount()} pictures`,
  );
});

test('a preview is spread over the set', async () => {
  const preview = await sampleSetPreview(12);
  expect(preview).toMatchObject({ count: 12, width: 64, height: 64, channels: 3 });
  expect(preview.pixels).toHaveLength(12 * 64 * 64 * 3);
  const different = new Set(
    Array.from({ length: 12 }, (_, index) => preview.pixels.subarray(index * 12_288, (index + 1) * 12_288).join()),
  );
  expect(different.size).toBe(12);
  expect((await sampleSetPreview(10_000)).count).toBe(await sampleSetCount());
});

test('a resource that is not there is a broken installation', () => {
  expect(() => resourcePath('sample-set', 'nowhere')).toThrow('missing');
});
