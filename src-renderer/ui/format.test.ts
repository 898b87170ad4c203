import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatCounted,
  formatDuration,
  formatFixed,
  formatNumber,
  formatPercent,
  formatTimeLeft,
} from './format';

const plain = (text: string) => text.replaceAll('\u202f', ' ');

describe('numbers for people', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [12_480, '12 480'],
    [1_234_567.6, '1 234 568'],
    [-1200, '−1 200'],
    [-0.2, '0'],
  ])('writes the count %s as %s', (value, text) => expect(plain(formatCount(value))).toBe(text));

  it.each([
    [0.6931, '0.693'],
    [0.0002, '0.0002'],
    [1e-8, '1e−8'],
    [-1.5, '−1.5'],
    [12_480.4, '12 480'],
    [2.5e12, '2.5e12'],
  ])('writes %s as %s', (value, text) => expect(plain(formatNumber(value))).toBe(text));

  it.each([
    [0.44, '0.4 s'],
    [12, '12 s'],
    [59.7, '1 min'],
    [200, '3 min 20 s'],
    [7500, '2 h 5 min'],
    [273_600, '3 d 4 h'],
  ])('writes %s seconds as %s', (value, text) => expect(plain(formatDuration(value))).toBe(text));

  it.each([
    [812, '812 B'],
    [999.7, '1 kB'],
    [14_200, '14 kB'],
    [1_400_000_000, '1.4 GB'],
  ])('writes %s bytes as %s', (value, text) => expect(plain(formatBytes(value))).toBe(text));

  it('keeps decimals in columns and drops the sign of a rounded zero', () => {
    expect(formatFixed(0.5)).toBe('0.50');
    expect(formatFixed(-0.001)).toBe('0.00');
  });

  it('speaks of time left without false precision', () => {
    expect(plain(formatTimeLeft(4))).toBe('under 10 s');
    expect(plain(formatTimeLeft(203))).toBe('about 3 min');
  });

  it('counts one thing in the singular', () => {
    expect(formatCounted(1, 'picture')).toBe('1 picture');
    expect(plain(formatCounted(2, 'picture'))).toBe('2 pictures');
  });

  it.each([undefined, Number.NaN, Number.POSITIVE_INFINITY])('writes a dash for %s everywhere', (value) => {
    for (const format of [
      formatCount,
      formatNumber,
      formatFixed,
      formatPercent,
      formatDuration,
      formatTimeLeft,
      formatBytes,
    ]) {
      expect(format(value)).toBe('–');
    }
  });
});
