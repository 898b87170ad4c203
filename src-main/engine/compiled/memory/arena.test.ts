import { expect, it } from 'vitest';
import { Arena } from './arena';

const MB = 2 ** 20;

it('counts what was handed out, once however often it is handed out again', () => {
  const arena = new Arena();
  for (let round = 0; round < 3; round++) arena.free(arena.allocate(1000));
  expect(arena.touched).toBe(1000);
});

it('takes the smallest chunk that is large enough, and joins what is free side by side', () => {
  const arena = new Arena();
  const [first, second, third] = [1, 2, 4].map((parts) => arena.allocate(parts * 1024));
  if (!first || !second || !third) throw new Error('three were allocated');
  arena.free(first);
  arena.free(second);
  // Both together hold this; nothing new is touched.
  const joined = arena.allocate(3 * 1024);
  expect(joined.offset).toBe(0);
  expect(arena.touched).toBe(7 * 1024);
});

it('keeps regions apart: two halves in two regions hold no whole', () => {
  const arena = new Arena();
  const halves = [arena.allocate(MB), arena.allocate(2 * MB)];
  halves.forEach((half) => arena.free(half));
  arena.allocate(3 * MB);
  expect(arena.touched).toBe(6 * MB);
});
