import { describe, expect, it } from 'vitest';
import { examine } from './doctor';

describe('the doctor', () => {
  it('proves both engines on the CPU and says of each other provider why not, or how far off it is', async () => {
    const tried: string[] = [];
    const timed = new Map<string, readonly string[]>();
    const forms = {
      read: () => Promise.resolve(new Map<string, string>()),
      write: (provider: string, used: ReadonlyMap<string, string>) => {
        timed.set(provider, [...used.keys()]);
        return Promise.resolve();
      },
    };
    const report = await examine((trying) => void tried.push(trying), forms);
    const finding = (engine: string, provider: string) =>
      report.findings.find((one) => one.engine === engine && one.provider === provider);
    expect(finding('compiled', 'cpu')).toMatchObject({ status: 'right' });
    expect(finding('compiled', 'cpu')?.difference).toBeLessThan(1e-3);
    expect(finding('compiled', 'cpu')?.msPerStep).toBeGreaterThan(0);
    expect(finding('eager', 'cpu')).toMatchObject({ status: 'right' });
    for (const { status, problem, difference } of report.findings) {
      expect(status === 'unavailable' ? problem : difference).toBeDefined();
    }
    // Timed as a run would be: in the forms that are fastest.
    expect(timed.get('cpu')?.length).toBeGreaterThan(0);
    expect(tried.at(-1)).toBe('done');
    expect(report.findings).toContainEqual(expect.objectContaining({ ...report.best, status: 'right' }));
  });
});
