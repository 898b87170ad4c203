import { expect, test } from 'vitest';
import { inOrder } from './inOrder';

const later = <T>(value: T, ms: number) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms));

test('results come in the items’ order, with no more at work than allowed', async () => {
  let working = 0;
  let most = 0;
  const results: number[] = [];
  const work = async (item: number) => {
    most = Math.max(most, ++working);
    await later(item, (item * 7) % 5);
    working -= 1;
    return item;
  };
  for await (const result of inOrder(
    Array.from({ length: 30 }, (_, index) => index),
    4,
    work,
  ))
    results.push(result);
  expect(results).toEqual(Array.from({ length: 30 }, (_, index) => index));
  expect(most).toBe(4);
});

test('a failure ends it after the work in flight, and begins nothing new', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = async (item: number) => {
    begun.push(item);
    await later(item, item === 1 ? 1 : 10);
    if (item === 1) throw new Error('one');
    ended.push(item);
    return item;
  };
  const consume = async () => {
    for await (const result of inOrder([0, 1, 2, 3, 4, 5, 6], 3, work)) expect(result).toBe(0);
  };
  await expect(consume()).rejects.toThrow('one');
  expect(ended.length + 1).toBe(begun.length);
  expect(begun.length).toBeLessThan(7);
});
