import { describe, expect, it } from 'vitest';
import { LatentPoint } from './latent';
import { latentWalk } from './latentWalk';

const places = (frames: number, loop: boolean) =>
  latentWalk({ from: 1, to: 2, frames, mode: 'slerp', loop }).map((point) => point.kind === 'between' && point.t);

describe('latentWalk', () => {
  it('goes from one seed to the other, both ends included', () => {
    expect(places(5, false)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(places(1, false)).toEqual([0]);
  });

  it('walks back without standing twice at an end, so that it repeats smoothly', () => {
    expect(places(5, true)).toEqual([0, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25]);
    expect(places(2, true)).toEqual([0, 1]);
  });

  it('makes points that the contract takes', () => {
    for (const point of latentWalk({ from: 0, to: 9, frames: 7, mode: 'lerp', loop: true }))
      expect(LatentPoint.safeParse(point).success).toBe(true);
  });
});
