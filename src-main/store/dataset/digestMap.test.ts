import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { DigestMap } from './digestMap';

const digest = (number: number) => createHash('sha256').update(String(number)).digest();

test('numbers are found by their digests, however many there are; the first of two stays', () => {
  const map = new DigestMap();
  const count = 20_000;
  for (let number = 0; number < count; number++) map.add(digest(number), number);
  map.add(digest(7), 99);
  expect(map.size).toBe(count);
  for (let number = 0; number < count; number++) expect(map.get(digest(number))).toBe(number);
  expect(map.get(digest(count))).toBeUndefined();
});
