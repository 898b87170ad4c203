import { describe, expect, it } from 'vitest';
import { logScale, parseNumber, stepped, suitableStep } from './number';

describe('number entry', () => {
  it.each([
    ['12 480', 12_480],
    ['12\u202f480', 12_480],
    ['0,5', 0.5],
    ['1e-4', 0.0001],
    ['−3', -3],
  ])('reads %j as %s', (text, value) => expect(parseNumber(text, {})).toEqual({ value }));

  it.each([
    ['', {}, 'Type a number'],
    ['abc', {}, 'Type a number'],
    ['Infinity', {}, 'Type a number'],
    ['1.5', { integer: true }, 'Type a whole number'],
    ['0', { min: 1 }, 'Must be at least 1'],
    ['0', { min: 0, minExclusive: true }, 'Must be more than 0'],
    ['1', { max: 1, maxExclusive: true }, 'Must be less than 1'],
    ['9', { max: 8 }, 'Must be at most 8'],
  ])('refuses %j in %j: %s', (text, range, problem) => expect(parseNumber(text, range)).toEqual({ problem }));

  it('steps within the range, without binary dust', () => {
    expect(stepped(0.1, 0.2, {})).toBe(0.3);
    expect(stepped(1, -1, { min: 1 })).toBe(1);
  });

  it('chooses steps by the size of the number', () => {
    expect(suitableStep(64, true)).toBe(1);
    expect(suitableStep(0.0002, false)).toBeCloseTo(0.00001, 12);
  });

  it('walks a logarithmic scale there and back', () => {
    expect(logScale.place(1e-5, 1e-5, 1e-1)).toBe(0);
    expect(logScale.place(1e-3, 1e-5, 1e-1)).toBeCloseTo(0.5, 12);
    expect(logScale.value(0.5, 1e-5, 1e-1)).toBe(0.001);
  });
});
