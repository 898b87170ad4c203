import { describe, expect, it } from 'vitest';
import { providersOn } from './startChoice.svelte';

describe('providersOn', () => {
  it('offers what can exist on the system, the CPU always', () => {
    const offered = (platform: string) => providersOn(platform).map(({ value }) => value);
    expect(offered('linux x64')).toEqual(['auto', 'cpu', 'webgpu', 'cuda']);
    expect(offered('win32')).toContain('dml');
    expect(offered('darwin-arm64')).toContain('coreml');
    expect(offered('freebsd')).toEqual(['auto', 'cpu']);
  });
});
