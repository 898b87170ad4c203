import fc from 'fast-check';
import { isAbsolute, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { limits } from '#shared/contract/limits';
import { uploadSegments } from './uploadName';

describe('uploadSegments', () => {
  test.each([
    ['cat.png', ['cat.png']],
    ['cats/tabby/1.jpg', ['cats', 'tabby', '1.jpg']],
    ['..cat.png', ['..cat.png']],
    ['<img src=x onerror=alert(1)>.png', ['<img src=x onerror=alert(1)>.png']],
    ['a\nb.png', ['a_b.png']],
    ['a%2fb.png', ['a%2fb.png']],
    ['..\\..\\b.png', ['.._.._b.png']],
  ])('takes %j', (name, segments) => {
    expect(uploadSegments(name, 'linux')).toEqual(segments);
  });

  test.each([
    '',
    '/',
    '/etc/passwd',
    '..',
    '../cat.png',
    'a/../../cat.png',
    'a/./b',
    'a//b',
    'a/',
    'a\0.png',
    'x'.repeat(limits.uploadNameLength + 1),
    'd/'.repeat(limits.uploadDepth) + 'x',
  ])('refuses %j', (name) => {
    expect(uploadSegments(name, 'linux')).toBeUndefined();
    expect(uploadSegments(name, 'win32')).toBeUndefined();
  });

  test.each([
    ['a:b?.png', 'a_b_.png'],
    ['c:cat.png', 'c_cat.png'],
    ['\\\\server\\share', '__server_share'],
    ['con', '_con'],
    ['NUL.png', '_NUL.png'],
    ['lpt1.tar.gz', '_lpt1.tar.gz'],
    ['console.png', 'console.png'],
    ['dots..', 'dots._'],
  ])('makes %j legal on Windows: %j', (name, legal) => {
    expect(uploadSegments(name, 'win32')).toEqual([legal]);
  });

  test('cuts an over-long name between characters and keeps its ending', () => {
    const [segment = ''] = uploadSegments(`${'🐈'.repeat(100)}.jpeg`, 'linux') ?? [];
    expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(200);
    expect(segment).toMatch(/^🐈+\.jpeg$/u);
  });

  test('whatever the name, the file lies inside its folder', () => {
    const folder = resolve('/uploads/one');
    const hostile = fc
      .array(fc.constantFrom('..', '.', '/', '\\', '\0', 'a', 'C:', '%2e%2e', ' ', '\u202e', 'é'))
      .map((p) => p.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string(), hostile), (name) => {
        const segments = uploadSegments(name);
        if (segments === undefined) return;
        const inside = relative(folder, resolve(folder, ...segments));
        expect(inside).not.toBe('');
        expect(inside.split('/')[0]).not.toBe('..');
        expect(isAbsolute(inside)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
