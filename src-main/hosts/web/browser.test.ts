import { expect, test } from 'vitest';
import { openerOf } from './browser';

test.each([
  ['linux', {}, undefined],
  ['linux', { DISPLAY: ':0' }, 'xdg-open'],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
  ['darwin', {}, 'open'],
  ['win32', {}, 'rundll32'],
] as const)('on %s with %j a URL is opened by %j', (platform, env, command) => {
  expect(openerOf(platform, env)?.command).toBe(command);
});
