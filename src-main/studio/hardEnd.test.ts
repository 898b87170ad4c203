import { afterEach, expect, it, vi } from 'vitest';
import { endTheHardWay } from './hardEnd';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('ends this process and no other, after its last words', () => {
  vi.useFakeTimers();
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  endTheHardWay();
  vi.advanceTimersByTime(900);
  expect(kill).not.toHaveBeenCalled();
  vi.advanceTimersByTime(200);
  expect(kill.mock.calls).toEqual([[process.pid, 'SIGKILL']]);
});
