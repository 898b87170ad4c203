import { describe, expect, it } from 'vitest';
import { clearOfLast, evenOnly } from './endTicks';

describe('ticks at the end of an axis', () => {
  it('keeps the last step and drops the neighbour that its label would cover', () => {
    expect(clearOfLast([0, 20, 40, 60, 61])).toEqual([0, 20, 40, 61]);
    expect(clearOfLast([0, 20, 40, 54])).toEqual([0, 20, 40, 54]);
    expect(clearOfLast([0, 1])).toEqual([0, 1]);
    expect(clearOfLast([])).toEqual([]);
  });

  it('drops the uneven end of a value axis, and keeps an even one', () => {
    expect(evenOnly([0, 5, 10, 11.7])).toEqual([0, 5, 10]);
    expect(evenOnly([0, 5, 10, 15])).toEqual([0, 5, 10, 15]);
    expect(evenOnly([0, 0.1, 0.2, 0.30000000000000004])).toHaveLength(4);
    expect(evenOnly([0, 1.2])).toEqual([0, 1.2]);
  });
});
