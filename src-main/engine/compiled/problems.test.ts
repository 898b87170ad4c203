import { expect, it } from 'vitest';
import { providerProblem } from './problems';

it.each([
  ['webgpu', 'Failed to get a WebGPU adapter: No supported adapters', /no graphics card with a driver for Vulkan/],
  ['cuda', 'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library', /CUDA 12 with cuDNN 9/],
  ['coreml', 'no available backend found. ERR: [coreml] backend not found.', /not for this system/],
  ['dml', 'Exception(1) 887A0005 The GPU device instance has been suspended', /the device was lost/],
  ['webgpu', 'WebGPU device lost (1): reset', /the device was lost/],
] as const)('says of %s what “%s” means', (provider, complaint, words) => {
  expect(providerProblem(provider, new Error(complaint), 'linux')).toMatch(words);
});

it('names the driver of each system', () => {
  const complaint = new Error('Failed to get a WebGPU adapter: No supported adapters');
  expect(providerProblem('webgpu', complaint, 'win32')).toContain('Direct3D 12');
  expect(providerProblem('webgpu', complaint, 'darwin')).toContain('Metal');
});

it('passes on what it does not know, in one line and without the source file before it', () => {
  expect(providerProblem('cpu', new Error('/src/a.cc:12 void f() x was false. The shape is wrong\n at f()'))).toBe(
    'The shape is wrong',
  );
  expect(providerProblem('cpu', 'a string')).toBe('a string');
});
