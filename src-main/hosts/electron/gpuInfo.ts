import { z } from 'zod';

/** The part of Electron's `app.getGPUInfo` that is used; its shape is Chromium's, which promises none. */
const GpuInfo = z.object({
  gpuDevice: z.array(z.object({ vendorId: z.int().min(0), deviceId: z.int().min(0) })).catch([]),
  auxAttributes: z.object({ glRenderer: z.string().catch('') }).catch({ glRenderer: '' }),
});

export const parseGpuInfo = (info: unknown): z.output<typeof GpuInfo> =>
  GpuInfo.catch({ gpuDevice: [], auxAttributes: { glRenderer: '' } }).parse(info);

/** A card's name in what its driver says to OpenGL, as `ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x2504) Direct3D11 …, D3D11)`; undefined where software draws. */
export function gpuNameOf(renderer: string): string | undefined {
  if (/swiftshader|llvmpipe|basic render/i.test(renderer)) return undefined;
  const [, inner] = /^ANGLE \((.*)\)$/.exec(renderer) ?? [];
  const described = inner?.split(', ')[1] ?? renderer;
  const name = described
    .replace(/^ANGLE Metal Renderer: /, '')
    .replace(/\/PCIe.*$|\/SSE2.*$| Direct3D.*$|\(0x[0-9a-f]+\).*$| OpenGL.*$/i, '')
    .replace(/\((R|TM)\)/gi, '')
    .replace(/\s+/g, ' ')
    .trim();
  return name || undefined;
}
