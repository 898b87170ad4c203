import { describe, expect, test } from 'vitest';
import { cookieValue, isRequestAllowed, isSameSecret, ownHosts } from './guard';

const own = ownHosts('127.0.0.1', 4711);
const self = '127.0.0.1:4711';
const selfOrigin = `http://${self}`;

describe('isRequestAllowed', () => {
  test.each([
    // method, Host, Origin, upgrade, allowed
    ['GET', self, undefined, false, true],
    ['HEAD', self, undefined, false, true],
    ['GET', 'localhost:4711', undefined, false, true],
    ['GET', 'LOCALHOST:4711', undefined, false, true],
    ['GET', self, selfOrigin, false, true],
    ['POST', self, selfOrigin, false, true],
    ['POST', 'localhost:4711', 'http://localhost:4711', false, true],
    ['GET', self, selfOrigin, true, true],
    // DNS rebinding: the browser asks this port by another name.
    ['GET', undefined, undefined, false, false],
    ['GET', 'evil.example:4711', undefined, false, false],
    ['GET', '127.0.0.1', undefined, false, false],
    ['GET', '127.0.0.1:4712', undefined, false, false],
    ['GET', '127.0.0.1:47110', undefined, false, false],
    ['GET', `${self}.evil.example`, undefined, false, false],
    ['GET', `evil@${self}`, undefined, false, false],
    ['GET', '[::1]:4711', undefined, false, false],
    // Another page's form, fetch or socket.
    ['POST', self, undefined, false, false],
    ['POST', self, 'null', false, false],
    ['POST', self, '', false, false],
    ['POST', self, 'http://evil.example', false, false],
    ['POST', self, 'http://127.0.0.1:4712', false, false],
    ['POST', self, 'http://localhost:4711', false, false],
    ['POST', self, `${selfOrigin}.evil.example`, false, false],
    ['POST', self, `${selfOrigin}/`, false, false],
    ['DELETE', self, undefined, false, false],
    ['OPTIONS', self, undefined, false, false],
    ['GET', self, 'http://evil.example', false, false],
    ['GET', self, undefined, true, false],
    ['GET', self, 'null', true, false],
    ['GET', self, 'http://evil.example', true, false],
  ])('%s Host %j Origin %j upgrade %j → %j', (method, host, origin, upgrade, allowed) => {
    expect(isRequestAllowed({ method, host, origin, upgrade, ownHosts: own })).toBe(allowed);
  });
});

test.each([
  ['127.0.0.1', 80, ['127.0.0.1:80', '127.0.0.1', 'localhost:80', 'localhost']],
  ['127.0.0.1', 8080, ['127.0.0.1:8080', 'localhost:8080']],
  ['::1', 8080, ['[::1]:8080', '[::1]']],
  ['GPU-box', 8080, ['gpu-box:8080', 'gpu-box']],
])('a server at %s port %i answers to %j', (address, port, names) => {
  expect(ownHosts(address, port)).toEqual(names);
});

test.each([
  [undefined, false],
  ['', false],
  ['secre', false],
  ['secrets', false],
  ['Secret', false],
  ['secret', true],
])('isSameSecret(%j) → %j', (given, same) => {
  expect(isSameSecret(given, 'secret')).toBe(same);
});

test.each([
  [undefined, undefined],
  ['', undefined],
  ['ganvas-1=a', 'a'],
  ['x=1; ganvas-1=a=b; y=2', 'a=b'],
  ['ganvas-10=a', undefined],
  ['xganvas-1=a', undefined],
])('cookieValue(%j) → %j', (header, value) => {
  expect(cookieValue(header, 'ganvas-1')).toBe(value);
});
