import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Watchdog } from './watchdog';

const patience = { startMs: 5000, steps: 30, leastMs: 1000, tickMs: 100 };
const silences: number[] = [];
let dog: Watchdog;
beforeEach(() => {
  vi.useFakeTimers();
  silences.length = 0;
  dog = new Watchdog((ms) => silences.push(ms), patience);
});
afterEach(() => {
  dog.end();
  vi.useRealTimers();
});

describe('a watchdog', () => {
  it('is patient at first, then for some of its steps, and speaks once for each silence', () => {
    dog.begin();
    vi.advanceTimersByTime(4900);
    expect(silences).toEqual([]);
    vi.advanceTimersByTime(10_000);
    expect(silences).toEqual([5100]);
    expect(dog.isOverdue).toBe(true);
    dog.heard({ msPerStep: 100 });
    expect(dog.isOverdue).toBe(false);
    dog.heard();
    vi.advanceTimersByTime(3000);
    expect(silences).toHaveLength(1);
    vi.advanceTimersByTime(200);
    expect(silences).toEqual([5100, 3100]);
  });

  it('never speaks before the least, however fast the steps are, nor of one that rests or is not watched', () => {
    dog.begin();
    dog.heard({ msPerStep: 1 });
    vi.advanceTimersByTime(1000);
    expect(silences).toEqual([]);
    dog.heard({ resting: true });
    vi.advanceTimersByTime(60_000);
    // Pictures of the pause.
    dog.heard();
    vi.advanceTimersByTime(60_000);
    dog.heard({ resting: false });
    dog.end();
    vi.advanceTimersByTime(60_000);
    expect(silences).toEqual([]);
    // A step's time is that of one run.
    dog.begin();
    vi.advanceTimersByTime(4000);
    expect(silences).toEqual([]);
  });

  it('takes no sleep of the machine for silence', () => {
    dog.begin();
    const now = performance.now();
    const clock = vi.spyOn(performance, 'now').mockReturnValue(now + 3_600_000);
    vi.advanceTimersByTime(100);
    clock.mockRestore();
    expect(silences).toEqual([]);
    expect(dog.isOverdue).toBe(false);
  });
});
