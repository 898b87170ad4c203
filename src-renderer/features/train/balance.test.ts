import { describe, expect, it } from 'vitest';
import type { GanReport } from '#shared/contract/types';
import { balanceOf } from './balance';

const report = (step: number, dReal: number, dFake: number): GanReport => ({
  step,
  images: step * 16,
  lossD: 1,
  lossG: 1,
  dReal,
  dFake,
  msPerStep: 20,
  imagesPerSecond: 800,
  seconds: step / 50,
});

describe('balanceOf', () => {
  it.each([
    { step: 399, dReal: 1, dFake: 0, verdict: 'early' },
    { step: 2000, dReal: 0.995, dFake: 0.005, verdict: 'discriminator-far' },
    { step: 2000, dReal: 0.8, dFake: 0.2, verdict: 'discriminator' },
    { step: 2000, dReal: 0.5, dFake: 0.5, verdict: 'even' },
    { step: 2000, dReal: 0.4, dFake: 0.6, verdict: 'generator' },
    { step: 2000, dReal: 0.95, dFake: 0.9, verdict: 'generator-far' },
  ] as const)('D(x) $dReal, D(G(z)) $dFake at step $step: $verdict', ({ step, dReal, dFake, verdict }) => {
    const balance = balanceOf([report(step, dReal, dFake)]);
    expect(balance?.verdict).toBe(verdict);
    expect(balance?.lead).toBeCloseTo(dReal - dFake, 12);
  });

  it('looks at the last hundred steps, not at the whole run and not at one report', () => {
    const before = Array.from({ length: 50 }, (_, index) => report(1000 + index * 10, 1, 0));
    const lately = Array.from({ length: 10 }, (_, index) => report(1510 + index * 10, 0.6 + (index % 2) * 0.2, 0.3));
    expect(balanceOf([...before, ...lately])?.lead).toBeCloseTo(0.4, 12);
  });

  it('says nothing without reports, or of numbers that are none', () => {
    expect(balanceOf([])).toBeUndefined();
    expect(balanceOf([report(1000, NaN, 0.2)])).toBeUndefined();
  });
});
