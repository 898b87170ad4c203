import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGpus } from './gpus';
import { temporaryFolder } from './testing/temporaryFolder';

/** A root folder as Linux shows it, with devices on its bus: `[class, vendor, device]`. */
async function machineWith(...devices: readonly (readonly [string, string, string])[]): Promise<string> {
  const root = await temporaryFolder();
  await mkdir(join(root, 'sys/bus/pci/devices'), { recursive: true });
  for (const [index, [kind, vendor, device]] of devices.entries()) {
    const folder = join(root, 'sys/bus/pci/devices', `0000:00:0${index}.0`);
    await mkdir(folder);
    const facts = { class: kind, vendor, device };
    for (const [name, value] of Object.entries(facts)) await writeFile(join(folder, name), `${value}\n`);
  }
  return root;
}

const network = ['0x020000', '0x1af4', '0x1000'] as const;
const h200 = ['0x030200', '0x10de', '0x2335'] as const;
const radeon = ['0x030000', '0x1002', '0x744c'] as const;
const board = ['0x030000', '0x1a03', '0x2000'] as const;

describe('the graphics cards', () => {
  it('are told by vendor, by name where NVIDIA’s driver says it, and each kind once', async () => {
    const root = await machineWith(network, h200, h200, radeon, board);
    expect(await readGpus(root)).toEqual({
      ids: ['10de:2335', '10de:2335', '1002:744c', '1a03:2000'],
      names: ['NVIDIA GPU', 'AMD GPU'],
    });
    for (const card of ['0000:00:01.0', '0000:00:02.0']) {
      const folder = join(root, 'proc/driver/nvidia/gpus', card);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'information'), 'Model: \t\t NVIDIA H200 \nIRQ:   \t\t 45\n');
    }
    expect((await readGpus(root))?.names).toEqual(['NVIDIA H200', 'AMD GPU']);
  });

  it('are none where the bus has none, and unknown where there is no bus to be seen', async () => {
    expect(await readGpus(await machineWith(network))).toEqual({ ids: [], names: [] });
    expect(await readGpus(await temporaryFolder())).toBeUndefined();
  });
});
