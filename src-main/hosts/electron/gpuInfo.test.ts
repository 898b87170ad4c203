import { describe, expect, it } from 'vitest';
import { gpuNameOf, parseGpuInfo } from './gpuInfo';

describe('a card’s name', () => {
  it.each([
    ['ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002504) Direct3D11 vs_5_0 ps_5_0, D3D11)', 'NVIDIA GeForce RTX 3060'],
    ['ANGLE (NVIDIA Corporation, NVIDIA H200/PCIe/SSE2, OpenGL 4.5.0)', 'NVIDIA H200'],
    ['ANGLE (Apple, ANGLE Metal Renderer: Apple M2 Pro, Unspecified Version)', 'Apple M2 Pro'],
    ['ANGLE (Intel, Intel(R) Iris(R) Xe Graphics (0x000046A6) Direct3D11 vs_5_0 ps_5_0, D3D11)', 'Intel Iris Xe Graphics'], // prettier-ignore
    ['AMD Radeon RX 7900 XTX', 'AMD Radeon RX 7900 XTX'],
    ['ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)', undefined],
    ['llvmpipe (LLVM 15.0.7, 256 bits)', undefined],
    ['', undefined],
  ])('in “%s” is %s', (renderer, name) => {
    expect(gpuNameOf(renderer)).toBe(name);
  });
});

describe('what Chromium tells', () => {
  it('is taken where it has the expected shape, and otherwise counts as nothing', () => {
    const device = { vendorId: 0x10de, deviceId: 0x2335, active: true };
    expect(parseGpuInfo({ gpuDevice: [device], auxAttributes: { glRenderer: 'x', other: 1 } })).toEqual({
      gpuDevice: [{ vendorId: 0x10de, deviceId: 0x2335 }],
      auxAttributes: { glRenderer: 'x' },
    });
    const nothing = { gpuDevice: [], auxAttributes: { glRenderer: '' } };
    for (const info of [undefined, null, 7, {}, { gpuDevice: 'none', auxAttributes: 3 }]) {
      expect(parseGpuInfo(info)).toEqual(nothing);
    }
  });
});
