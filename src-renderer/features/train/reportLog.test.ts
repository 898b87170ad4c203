import { describe, expect, it } from 'vitest';
import type { TrainingReport } from '#shared/contract/types';
import { appendReport } from './reportLog';

const at = (step: number): TrainingReport => ({
  step,
  images: step,
  lossD: 0,
  lossG: 0,
  dReal: 0,
  dFake: 0,
  msPerStep: 1,
  imagesPerSecond: 1,
  seconds: 1,
});
const steps = (reports: readonly TrainingReport[]) => reports.map(({ step }) => step);

describe('appendReport', () => {
  it('puts the newest last', () => {
    expect(steps(appendReport([at(10), at(20)], at(30)))).toEqual([10, 20, 30]);
  });

  it('lets a resumed run write over the steps after its checkpoint', () => {
    expect(steps(appendReport([at(10), at(20), at(30)], at(15)))).toEqual([10, 15]);
  });

  it('stays below its capacity for ever, keeping the start and the newest reports whole', () => {
    let reports: TrainingReport[] = [];
    for (let step = 1; step <= 1000; step++) {
      reports = appendReport(reports, at(step), 40);
      expect(reports.length).toBeLessThanOrEqual(40);
    }
    expect(reports[0]?.step).toBe(1);
    expect(steps(reports.slice(-5))).toEqual([996, 997, 998, 999, 1000]);
    expect(steps(reports)).toEqual(steps(reports).toSorted((a, b) => a - b));
  });
});
