import { expect, test } from 'vitest';
import {
  externalLink,
  isNavigationAllowed,
  isPermissionAllowed,
  isSamePlace,
  isSenderTrusted,
  links,
  PAGE_URL,
} from './guards';

test.each([
  [PAGE_URL, true],
  ['app://ganvas/assets/x.js', true],
  ['app://ganvas', true],
  ['app://ganvas.evil/', false],
  ['app://evil@ganvas.evil/', false],
  ['app://ganvas:1/', false],
  ['https://ganvas/', false],
  ['file:///index.html', false],
  ['about:blank', false],
  ['data:text/html,x', false],
  ['', false],
])('%j lies at the page’s place: %j', (url, same) => {
  expect(isSamePlace(url, PAGE_URL)).toBe(same);
});

test.each([
  [PAGE_URL, true],
  ['app://ganvas/other.html', false],
  ['https://evil.example/', false],
  ['file:///etc/passwd', false],
  ['javascript:alert(1)', false],
])('navigation to %j: %j', (url, allowed) => {
  expect(isNavigationAllowed(url, PAGE_URL)).toBe(allowed);
});

test.each([
  [links.dcgan, links.dcgan],
  [`${links.dcgan}?x`, undefined],
  ['https://evil.example/', undefined],
  ['file:///bin/sh', undefined],
])('%j is opened outside as %j', (url, opened) => {
  expect(externalLink(url)).toBe(opened);
});

test.each(['media', 'geolocation', 'notifications', 'openExternal', 'hid', 'clipboard-read', 'fileSystem'])(
  'the permission %j is denied',
  (permission) => expect(isPermissionAllowed(permission)).toBe(false),
);

test.each([
  [{ url: PAGE_URL, isOwnMainFrame: true }, true],
  [{ url: PAGE_URL, isOwnMainFrame: false }, false],
  [{ url: 'https://evil.example/', isOwnMainFrame: true }, false],
  [{ url: undefined, isOwnMainFrame: true }, false],
])('a message from %j is heard: %j', (sender, heard) => {
  expect(isSenderTrusted(sender, PAGE_URL)).toBe(heard);
});
