import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The machine's graphics cards, as far as they can be known. */
export interface Gpus {
  /** Vendor and device of each on the PCI bus, as `10de:2335`: tells one card from another. */
  readonly ids: readonly string[];
  /** Each kind once, for people. */
  readonly names: readonly string[];
}

const vendors: Readonly<Record<string, string>> = { '10de': 'NVIDIA GPU', '1002': 'AMD GPU', '8086': 'Intel GPU' };
/** Class of display controllers on the PCI bus, with or without a screen. */
const DISPLAY = '0x03';

/**
 * Graphics cards by what Linux tells in files: all of them by vendor, NVIDIA's by their names where its driver runs. Undefined on other systems, and where
 * nothing is told.
 */
export async function readGpus(root = '/'): Promise<Gpus | undefined> {
  const bus = join(root, 'sys/bus/pci/devices');
  const slots = await readdir(bus).catch(() => undefined);
  if (!slots) return undefined;
  const fact = async (slot: string, name: string) =>
    (await readFile(join(bus, slot, name), 'utf8').catch(() => '')).trim();
  const ids: string[] = [];
  for (const slot of slots.toSorted()) {
    if (!(await fact(slot, 'class')).startsWith(DISPLAY)) continue;
    const [vendor, device] = [await fact(slot, 'vendor'), await fact(slot, 'device')];
    ids.push(pciId(Number(vendor), Number(device)));
  }
  const nvidia = await nvidiaNames(join(root, 'proc/driver/nvidia/gpus'));
  const names = ids.flatMap((id) => {
    const vendor = id.slice(0, 4);
    return vendor === '10de' && nvidia.length > 0 ? nvidia : (vendors[vendor] ?? []);
  });
  return { ids, names: [...new Set(names)] };
}

/** Vendor and device as {@link Gpus} has them. */
export const pciId = (vendor: number, device: number): string =>
  [vendor, device].map((number) => number.toString(16).padStart(4, '0')).join(':');

async function nvidiaNames(folder: string): Promise<string[]> {
  const cards = await readdir(folder).catch(() => []);
  const texts = await Promise.all(
    cards.map((card) => readFile(join(folder, card, 'information'), 'utf8').catch(() => '')),
  );
  return texts.flatMap((text) => /^Model:\s*(\S.*?)\s*$/m.exec(text)?.[1] ?? []);
}
