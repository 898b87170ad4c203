import { describe, expect, it } from 'vitest';
import { padPlan } from './padPlan';

describe('padPlan', () => {
  it.each([
    { room: 384, picture: 64, side: 6, scale: 1 },
    { room: 332, picture: 32, side: 5, scale: 2 },
    { room: 520, picture: 32, side: 8, scale: 2 },
    { room: 1600, picture: 64, side: 5, scale: 5 },
  ])('fills $room pixels with pictures of $picture', ({ room, picture, side, scale }) => {
    expect(padPlan(room, picture)).toEqual({ side, scale });
  });

  it('never asks for less than a scale of one', () => {
    expect(padPlan(100, 256)).toEqual({ side: 4, scale: 1 });
    expect(padPlan(0, 64)).toEqual({ side: 4, scale: 1 });
  });
});
