import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { electronBinary, whyNoWindow } from './desktop.mjs';

test.each([
  ['linux', {}, 1000, 'there is no display'],
  ['linux', { DISPLAY: ':0' }, 1000, undefined],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 1000, undefined],
  ['linux', { DISPLAY: ':0' }, 0, 'the window’s sandbox does not run as root'],
  ['darwin', {}, 501, undefined],
  ['win32', {}, undefined, undefined],
] as const)('on %s with %j as user %j the window is kept by: %j', (platform, env, userId, reason) => {
  expect(whyNoWindow({ binary: '/electron', platform, env, userId })).toBe(reason);
});

test('without the binary it says how to get it', () => {
  const facts = { binary: undefined, platform: 'darwin', env: {}, userId: 501 } as const;
  expect(whyNoWindow(facts)).toContain('npx install-electron');
});

describe('electronBinary', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ganvas-launch-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is none before it was fetched, nor when it is gone again', () => {
    expect(electronBinary(folder, {})).toBeUndefined();
    writeFileSync(join(folder, 'path.txt'), 'electron');
    expect(electronBinary(folder, {})).toBeUndefined();
  });

  test('is found where its package notes it, or where the user keeps it', () => {
    writeFileSync(join(folder, 'path.txt'), 'electron\n');
    mkdirSync(join(folder, 'dist'));
    writeFileSync(join(folder, 'dist', 'electron'), '');
    expect(electronBinary(folder, {})).toBe(join(folder, 'dist', 'electron'));
    expect(electronBinary(folder, { ELECTRON_OVERRIDE_DIST_PATH: folder })).toBeUndefined();
  });
});
