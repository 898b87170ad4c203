import { describe, expect, it } from 'vitest';
import { defaultEvery, frameName, framesTaken, pictureSize } from './frameChoice';

describe('which frames are taken', () => {
  it.each([
    [1, 1],
    [299, 1],
    [440, 1],
    [900, 3],
    [170_000, 567],
    [100_000_000, 10_000],
  ])('of %i frames every %ith, unless something else is said', (frames, every) => {
    expect(defaultEvery(frames)).toBe(every);
  });

  it.each([
    [10, 1, 10],
    [10, 3, 4],
    [9, 3, 3],
    [1, 10_000, 1],
  ])('of %i frames every %ith are %i pictures, the first always', (frames, every, pictures) => {
    expect(framesTaken(frames, every)).toBe(pictures);
    const numbers = Array.from({ length: frames }, (_, number) => number).filter((number) => number % every === 0);
    expect(numbers).toHaveLength(pictures);
  });
});

describe('a frame’s picture', () => {
  it.each([
    ['holiday.mp4', 123, 'holiday-000123.png'],
    ['a.b.MOV', 0, 'a.b-000000.png'],
    ['long.webm', 1_234_567, 'long-1234567.png'],
  ])('of %s, frame %i, is called %s', (video, number, name) => expect(frameName(video, number)).toBe(name));

  it.each([
    [640, 360, 640, 360],
    [1920, 1080, 1024, 576],
    [1080, 1920, 576, 1024],
    [20_000, 3, 1024, 1],
  ])('of %i × %i pixels has %i × %i', (width, height, fitted, low) => {
    expect(pictureSize(width, height)).toEqual({ width: fitted, height: low });
  });
});
