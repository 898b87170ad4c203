import { describe, expect, it } from 'vitest';
import type { MachineInfo } from '#shared/contract/types';
import { deviceWords } from './deviceWords';

const machine: MachineInfo = {
  automatic: { engine: 'compiled', provider: 'webgpu' },
  unfinished: false,
  report: {
    node: 'v20',
    platform: 'linux x64',
    cores: 8,
    findings: [{ engine: 'compiled', provider: 'webgpu', device: 'GPU, WebGPU', status: 'right' }],
    best: { engine: 'compiled', provider: 'webgpu' },
  },
};

describe('the device is named in every state', () => {
  it('of a run: what it computes on', () => {
    const engine = { engine: 'compiled', provider: 'cpu', device: 'CPU, 2 threads' } as const;
    expect(deviceWords({ engine }, machine)).toEqual({ device: 'CPU, 2 threads', detail: 'compiled engine on cpu' });
  });

  it('before one: what automatic takes, as far as that is known', () => {
    expect(deviceWords({ engine: undefined }, machine).device).toBe('GPU, WebGPU');
    expect(
      deviceWords({ engine: undefined }, { ...machine, automatic: { engine: 'compiled', provider: 'cpu' } }).device,
    ).toBe('CPU');
    expect(deviceWords({ engine: undefined }, undefined).device).toBe('device not chosen yet');
  });
});
