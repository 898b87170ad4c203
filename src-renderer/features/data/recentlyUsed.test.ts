import { expect, it } from 'vitest';
import { RecentlyUsed } from './recentlyUsed';

it('keeps what was asked for of late', () => {
  const cache = new RecentlyUsed<string, { readonly name: string }>(2);
  cache.set('a', { name: 'a' });
  cache.set('b', { name: 'b' });
  cache.get('a');
  cache.set('c', { name: 'c' });
  expect([cache.get('a')?.name, cache.get('b'), cache.get('c')?.name]).toEqual(['a', undefined, 'c']);
});

it('tells what has to go, and makes room beforehand', () => {
  const gone: string[] = [];
  const cache = new RecentlyUsed<string, { readonly name: string }>(2, ({ name }) => gone.push(name));
  for (const name of ['a', 'b']) cache.set(name, { name });
  cache.makeRoom();
  expect(gone).toEqual(['a']);
  cache.set('c', { name: 'c' });
  cache.set('b', { name: 'b again' });
  expect(gone).toEqual(['a']);
});
