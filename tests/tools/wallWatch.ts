import type { CDPSession, Page } from '@playwright/test';

/** What a page did while it was watched. */
export interface Watched {
  /** Milliseconds from one frame to the next: median, 95th percentile, longest. */
  readonly frames: readonly [median: number, most: number, longest: number];
  /** The longest task of the page's own thread, milliseconds; 0 where none took 50. */
  readonly longestTask: number;
  /** The most elements that the document had. */
  readonly elements: number;
}

declare global {
  interface Window {
    ganvasWatch?: { frames: number[]; tasks: number[]; elements: number; going: boolean };
  }
}

/** Watches a page while something is done to it. */
export async function watched(page: Page, act: () => Promise<void>): Promise<Watched> {
  await page.evaluate(() => {
    const watch = { frames: [] as number[], tasks: [] as number[], elements: 0, going: true };
    window.ganvasWatch = watch;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) watch.tasks.push(duration);
      if (!watch.going) observer.disconnect();
    });
    observer.observe({ type: 'longtask' });
    const all = document.getElementsByTagName('*');
    let before = performance.now();
    const frame = (now: number): void => {
      watch.frames.push(now - before);
      watch.elements = Math.max(watch.elements, all.length);
      before = now;
      if (watch.going) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await act();
  const { frames, tasks, elements } = await page.evaluate(async () => {
    // The last task is reported after it has ended.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const watch = window.ganvasWatch ?? { frames: [], tasks: [], elements: 0, going: false };
    watch.going = false;
    return watch;
  });
  const sorted = frames.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { frames: [at(0.5), at(0.95), at(1)], longestTask: Math.max(0, ...tasks), elements };
}

/** Bytes that the page's scripts hold, their garbage taken out. */
export async function heldBytes(devtools: CDPSession): Promise<number> {
  await devtools.send('Performance.enable');
  await devtools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN;
}
