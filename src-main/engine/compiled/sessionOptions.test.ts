import { describe, expect, it } from 'vitest';
import { sessionOptions } from './sessionOptions';

const of = (provider: Parameters<typeof sessionOptions>[0]['provider'], threads = 4) =>
  sessionOptions({ provider, threads }, new Set());

describe('a session’s options', () => {
  it('name the provider, and the threads', () => {
    expect(of('cuda')).toMatchObject({ executionProviders: ['cuda'], intraOpNumThreads: 4 });
    expect(of('webgpu')).toMatchObject({ executionProviders: ['webgpu'] });
  });

  it('of DirectML are without memory patterns and in sequence, which it demands', () => {
    expect(of('dml')).toMatchObject({ enableMemPattern: false, executionMode: 'sequential' });
  });

  it('of Core ML ask for a program in float32 on CPU and GPU, branches included', () => {
    expect(of('coreml')).toMatchObject({ executionProviders: [{ name: 'coreml', coreMlFlags: 0x32 }] });
  });

  it('leave outputs on the device by name, and spin only with several threads', () => {
    expect(sessionOptions({ provider: 'webgpu', threads: 2 }, new Set(['a.next']))).toMatchObject({
      preferredOutputLocation: { 'a.next': 'gpu-buffer' },
    });
    expect(of('cpu').preferredOutputLocation).toBeUndefined();
    expect(of('cpu', 1)).toHaveProperty('extra.session.intra_op.allow_spinning', '0');
    expect(of('cpu', 2).extra).toBeUndefined();
  });
});
