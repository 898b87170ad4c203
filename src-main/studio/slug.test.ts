import fc from 'fast-check';
import { expect, it } from 'vitest';
import { slugOf } from './slug';

it.each([
  ['My first GAN!', 'my-first-gan'],
  ['Gemälde & Öl', 'gemalde-ol'],
  ['  ../../etc/passwd ', 'etc-passwd'],
  ['絵', 'project'],
  ['CON', 'project-con'],
  ['a'.repeat(80), 'a'.repeat(40)],
])('makes the folder name of %j', (name, slug) => expect(slugOf(name)).toBe(slug));

it('never leads out of its folder, whatever the name', () => {
  fc.assert(fc.property(fc.string(), (name) => /^[a-z0-9][a-z0-9-]{0,48}$/.test(slugOf(name))));
});
