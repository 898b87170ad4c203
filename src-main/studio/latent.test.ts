import { expect, it } from 'vitest';
import { limits } from '#shared/contract/limits';
import { refuseTooMany } from './latent';

it('draws as many small pictures at once as a call may name, and fewer large ones', () => {
  expect(() => refuseTooMany(limits.renderCount, 64)).not.toThrow();
  expect(() => refuseTooMany(64, 256)).not.toThrow();
  expect(() => refuseTooMany(65, 256)).toThrow(expect.objectContaining({ code: 'latent.too-many' }));
});
