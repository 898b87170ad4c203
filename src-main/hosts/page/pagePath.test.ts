import { expect, test } from 'vitest';
import { cacheControl } from './headers';
import { contentType, pagePath } from './pagePath';

test.each([
  ['/', '/index.html'],
  ['/assets/index-1a2b.js', '/assets/index-1a2b.js'],
  ['/a%20b.svg', '/a b.svg'],
  // Decoded once, never twice.
  ['/%252e%252e/secret', '/%2e%2e/secret'],
  ['/%zz', undefined],
])('the path %j names %j', (pathname, name) => {
  expect(pagePath(pathname)).toBe(name);
});

test.each([
  ['/index.html', 'text/html; charset=utf-8'],
  ['/assets/a.JS', 'text/javascript; charset=utf-8'],
  ['/no-ending', 'application/octet-stream'],
  ['/a.constructor', 'application/octet-stream'],
])('%j is of type %j', (name, type) => {
  expect(contentType(name)).toBe(type);
});

test('only hashed assets are kept by the browser', () => {
  expect(cacheControl('/assets/index-1a2b.js')).toContain('immutable');
  expect(cacheControl('/index.html')).toBe('no-store');
});
