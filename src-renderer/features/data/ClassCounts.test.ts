import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import ClassCounts from './ClassCounts.svelte';
import type { Overview } from './overview';

const overview = (classNumbers: readonly number[]): Overview => ({
  revision: 1,
  count: classNumbers.length,
  marks: new Uint32Array(classNumbers.length),
  classNumbers: Uint16Array.from(classNumbers),
  shorterSides: new Uint16Array(classNumbers.length).fill(64),
  classes: ['sea', 'wood'],
  order: undefined,
});
const listed = () => screen.getAllByRole('listitem').map(({ textContent }) => textContent?.trim().replace(/\s+/g, ' '));

it('counts the pictures of each class as they are now', async () => {
  const { rerender } = render(ClassCounts, { overview: overview([1, 1, 2, 0]) });
  expect(listed()).toEqual(['sea 2', 'wood 1', 'without a class 1']);
  await rerender({ overview: overview([1, 2, 2, 2]) });
  expect(listed()).toEqual(['sea 1', 'wood 3']);
});
