import { app } from 'electron';
import { pciId, type Gpus } from '../../store/gpus';
import { gpuNameOf, parseGpuInfo } from './gpuInfo';

/** Chromium starts a process to find out; one that does not answer keeps nobody from training. */
const ANSWER_MS = 3000;

/** The graphics cards as Chromium sees them; undefined where it sees none, or does not say in time. */
export async function gpusOfChromium(): Promise<Gpus | undefined> {
  const info = await Promise.race([
    app.getGPUInfo('complete').catch(() => undefined),
    new Promise<undefined>((resolve) => setTimeout(resolve, ANSWER_MS, undefined)),
  ]);
  const { gpuDevice, auxAttributes } = parseGpuInfo(info);
  if (gpuDevice.length === 0) return undefined;
  const name = gpuNameOf(auxAttributes.glRenderer);
  return {
    ids: gpuDevice.map(({ vendorId, deviceId }) => pciId(vendorId, deviceId)),
    // The one that it draws with; the names of others it does not know.
    names: name !== undefined && gpuDevice.length === 1 ? [name] : [],
  };
}
