import { describe, expect, it } from 'vitest';
import { stripCount } from './stripCount';

describe('stripCount', () => {
  it('fills the width without overflowing it, within three and twenty-one', () => {
    expect(stripCount(404, 64)).toBe(6);
    expect(stripCount(403, 64)).toBe(5);
    expect(stripCount(0, 64)).toBe(3);
    expect(stripCount(10_000, 32)).toBe(21);
  });
});
