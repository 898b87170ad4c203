import { expect, it } from 'vitest';
import { outliersOf } from './outliers';

const usual = Array.from({ length: 100 }, (_, picture) => 100 + (picture % 20));

it('finds what is far from the rest in any measure, also several that would hide one another', () => {
  const measure = [...usual, 1000, 1000, 1000, -500];
  expect([...outliersOf([usual.map(() => NaN), measure])].sort()).toEqual([100, 101, 102, 103]);
});

it('says nothing of few pictures, nor of such that are all the same', () => {
  expect(outliersOf([[1, 1, 1, 9]]).size).toBe(0);
  expect(outliersOf([[...new Array<number>(50).fill(3), 4]]).size).toBe(0);
  expect(outliersOf([usual]).size).toBe(0);
});
