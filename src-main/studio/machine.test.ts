import { describe, expect, it } from 'vitest';
import type { DoctorFinding, DoctorReport, EngineId, ProviderId } from '#shared/contract/types';
import { computingOf, gpusKnown } from './machine';

const finding = (engine: EngineId, provider: ProviderId, msPerStep: number, status: 'right' | 'wrong' = 'right') =>
  ({ engine, provider, device: provider, status, msPerStep }) satisfies DoctorFinding;
const report: DoctorReport = {
  node: 'v20',
  platform: 'linux x64',
  cores: 8,
  findings: [
    finding('compiled', 'cpu', 20),
    finding('compiled', 'webgpu', 12),
    finding('compiled', 'cuda', 1, 'wrong'),
    finding('eager', 'cpu', 90),
    finding('eager', 'cuda', 5),
  ],
  best: { engine: 'eager', provider: 'cuda' },
};
const examined = { automatic: report.best, report };
const unknown = { automatic: undefined, report: undefined };

describe('what the choices of a start come to', () => {
  it.each([
    ['auto', 'auto', 'eager', 'cuda'],
    ['compiled', 'auto', 'compiled', 'webgpu'],
    ['eager', 'auto', 'eager', 'cuda'],
    ['auto', 'cpu', 'compiled', 'cpu'],
    ['auto', 'webgpu', 'compiled', 'webgpu'],
    // What is wrong is not taken where there is another way, unless it is asked for by name.
    ['auto', 'cuda', 'eager', 'cuda'],
    ['compiled', 'cuda', 'compiled', 'cuda'],
    ['eager', 'cpu', 'eager', 'cpu'],
    ['auto', 'dml', 'compiled', 'dml'],
  ] as const)('%s on %s: %s on %s, on an examined machine', (engine, provider, taken, on) => {
    expect(computingOf({ engine, provider }, examined, true)).toEqual({ engine: taken, provider: on });
  });

  it('is found out first where nothing is known, unless both are named or the library says', () => {
    expect(computingOf({ engine: 'auto', provider: 'auto' }, unknown, false)).toBeUndefined();
    expect(computingOf({ engine: 'compiled', provider: 'auto' }, unknown, false)).toBeUndefined();
    expect(computingOf({ engine: 'auto', provider: 'webgpu' }, unknown, false)).toEqual({ engine: 'compiled', provider: 'webgpu' }); // prettier-ignore
    expect(computingOf({ engine: 'eager', provider: 'auto' }, unknown, false)).toEqual({ engine: 'eager', provider: 'cpu' }); // prettier-ignore
    expect(computingOf({ engine: 'eager', provider: 'auto' }, unknown, true)).toEqual({ engine: 'eager', provider: 'cuda' }); // prettier-ignore
  });

  it('keeps to the CPU after an examination that did not end', () => {
    const unfinished = { automatic: { engine: 'compiled', provider: 'cpu' }, report: undefined } as const;
    for (const engine of ['auto', 'compiled'] as const) {
      expect(computingOf({ engine, provider: 'auto' }, unfinished, true)).toEqual(unfinished.automatic);
    }
  });
});

describe('the graphics cards', () => {
  const bus = { ids: ['10de:2335', '8086:1'], names: ['NVIDIA H200', 'Intel GPU'] };
  const amd = { ids: ['1002:744c'], names: ['AMD GPU'] };
  const chromium = { ids: ['1002:1'], names: ['AMD Radeon RX 7900 XTX'] };
  const known = (host: typeof bus | undefined, seen: typeof bus | undefined) =>
    gpusKnown(() => Promise.resolve(host), () => Promise.resolve(seen)); // prettier-ignore

  it('are those of the bus, which every host sees, by the better name where there is but one', async () => {
    expect(await known(chromium, amd)).toEqual({ ids: amd.ids, names: chromium.names });
    expect(await known(chromium, bus)).toEqual(bus);
    expect(await known({ ids: [], names: [] }, amd)).toEqual(amd);
  });

  it('are those of the host where the bus cannot be seen, or unknown', async () => {
    expect(await known(chromium, undefined)).toEqual(chromium);
    expect(await known(undefined, amd)).toEqual(amd);
    expect(await known(undefined, undefined)).toBeUndefined();
  });
});
