import { afterEach, describe, expect, it } from 'vitest';
import { announceGpus, deviceOf, processorName } from './device';

afterEach(() => announceGpus([]));

describe('a device’s name', () => {
  it.each([
    ['Intel(R) Core(TM) i7-8650U CPU @ 1.90GHz', 'Intel Core i7-8650U'],
    ['AMD EPYC 9B14 96-Core Processor', 'AMD EPYC 9B14'],
    ['AMD Ryzen 7 7840U w/ Radeon 780M Graphics', 'AMD Ryzen 7 7840U'],
    ['13th Gen Intel(R) Core(TM) i9-13900K', '13th Gen Intel Core i9-13900K'],
    ['Apple M2 Pro', 'Apple M2 Pro'],
    ['unknown', undefined],
    ['', undefined],
  ])('of “%s” is %s', (model, name) => {
    expect(processorName(model)).toBe(name);
  });

  it('says the CPU and how much of it', () => {
    expect(deviceOf('cpu', 1)).toMatch(/^CPU( .+)?, 1 thread$/);
    expect(deviceOf('cpu', 8)).toMatch(/^CPU( .+)?, 8 threads$/);
  });

  it('says the graphics card where it can be but one', () => {
    expect(deviceOf('webgpu', 1)).toBe('GPU, WebGPU');
    announceGpus(['NVIDIA H200']);
    expect([deviceOf('webgpu', 1), deviceOf('cuda', 1)]).toEqual(['NVIDIA H200, WebGPU', 'NVIDIA H200, CUDA']);
    announceGpus(['Intel GPU', 'NVIDIA H200']);
    expect([deviceOf('webgpu', 1), deviceOf('dml', 1), deviceOf('cuda', 1)]).toEqual([
      'GPU, WebGPU',
      'GPU, DirectML',
      'NVIDIA H200, CUDA',
    ]);
    announceGpus(['Intel GPU']);
    expect(deviceOf('cuda', 1)).toBe('GPU, CUDA');
  });
});
