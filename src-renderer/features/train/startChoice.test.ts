import { describe, expect, it } from 'vitest';
import { providersOn } from './startChoice.svelte';

describe('providersOn', () => {
  it('offers what can exist on the system, the CPU always', () => {
    const offered = (platform: string) => providersOn(platform, () => undefined).map(({ value }) => value);
    expect(offered('linux x64')).toEqual(['auto', 'cpu', 'webgpu', 'cuda']);
    expect(offered('win32')).toContain('dml');
    expect(offered('darwin-arm64')).toContain('coreml');
    expect(offered('freebsd')).toEqual(['auto', 'cpu']);
  });

  it('says of each device what was found', () => {
    const finding = { engine: 'compiled', provider: 'webgpu', device: 'GPU', status: 'unavailable', problem: 'no card' } as const; // prettier-ignore
    const offered = providersOn('linux x64', (provider) => (provider === 'webgpu' ? finding : undefined));
    const detailOf = (provider: string) => offered.find(({ value }) => value === provider)?.detail;
    expect(detailOf('webgpu')).toMatch(/not here: no card$/);
    expect(detailOf('cpu')).toBe('Works on every machine');
  });
});
