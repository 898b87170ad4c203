import { describe, expect, it, vi } from 'vitest';
import { FakeClient, PROJECT_ID, testPictures } from '../../app/fakeClient';
import { ThumbnailStore } from './thumbnailStore.svelte';

const range = (from: number, count: number) => Array.from({ length: count }, (_, step) => from + step);

function storeOf(side: number, answer?: () => Promise<never>) {
  const client = new FakeClient({
    'curation.thumbnails': answer ?? (({ indices }) => testPictures(indices.length, side, 1)),
  });
  return { client, store: new ThumbnailStore(client, PROJECT_ID, side) };
}

describe('thumbnails', () => {
  it('stay within 64 MB, however far the wall of 100 000 is scrolled, and the latest are there', async () => {
    const made = vi.spyOn(document, 'createElement');
    const { store } = storeOf(64);
    for (let from = 0; from < 100_000; from += 600) {
      store.want(range(from, 100));
      await expect.poll(() => store.has(from + 99), { interval: 1 }).toBe(true);
    }
    const sheets = made.mock.results
      .map(({ value }) => value as HTMLCanvasElement)
      .filter(({ tagName }) => tagName === 'CANVAS');
    const bytes = sheets.reduce((sum, { width, height }) => sum + width * height * 4, 0);
    expect(sheets.length).toBeGreaterThan(8);
    expect(bytes).toBeLessThanOrEqual(64 * 1024 * 1024);
    expect([store.has(0), store.has(99_600)]).toEqual([false, true]);
    made.mockRestore();
  });

  it('are asked for in batches, a few at a time, and no more when the wall has moved on', async () => {
    let answer: (() => void) | undefined;
    const client = new FakeClient({
      'curation.thumbnails': async ({ indices }) => {
        await new Promise<void>((resolve) => (answer = resolve));
        return testPictures(indices.length, 8, 1);
      },
    });
    const store = new ThumbnailStore(client, PROJECT_ID, 8);
    store.want(range(0, 1000));
    expect(client.paramsOf('curation.thumbnails')).toHaveLength(3);
    store.want(range(50_000, 10));
    answer?.();
    await expect.poll(() => client.paramsOf('curation.thumbnails').length).toBe(4);
    expect(client.paramsOf('curation.thumbnails')[3]?.indices).toEqual(range(50_000, 10));
  });

  it('say why they do not come, and are asked for again', async () => {
    const { client, store } = storeOf(8, () => Promise.reject(new Error('gone')));
    store.want([1, 2]);
    await expect.poll(() => store.error).toBeInstanceOf(Error);
    store.want([3]);
    expect(client.paramsOf('curation.thumbnails')).toHaveLength(1);
    store.retry();
    expect(client.paramsOf('curation.thumbnails')).toHaveLength(2);
  });
});
