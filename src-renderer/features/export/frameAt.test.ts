import { describe, expect, it } from 'vitest';
import { frameAt } from './frameAt';

const played = (loop: boolean) =>
  Array.from({ length: 10 }, (_, index) => frameAt(index + 0.01, { frames: 4, seconds: 3, loop }));

describe('frameAt', () => {
  it('starts over without a loop, walks back with one', () => {
    expect(played(false)).toEqual([0, 1, 2, 3, 0, 1, 2, 3, 0, 1]);
    expect(played(true)).toEqual([0, 1, 2, 3, 2, 1, 0, 1, 2, 3]);
  });

  it('shows one frame for ever', () => {
    expect(frameAt(12, { frames: 1, seconds: 0, loop: true })).toBe(0);
  });
});
