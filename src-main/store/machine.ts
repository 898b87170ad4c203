import { join } from 'node:path';
import { z } from 'zod';
import { GanvasError } from '#shared/contract/errors';
import type { DoctorReport, ProviderId } from '#shared/contract/types';
import { makeFolder, readJsonIfPresent, writeJson } from './atomic';
import type { Format } from './format';

/** What the doctor found to be the fastest that is right, and on which machine: a folder may be carried to another. */
const MachineFile = z.strictObject({
  version: z.literal(1),
  platform: z.string().max(80),
  cores: z.int().min(1),
  provider: z.enum(['cpu', 'webgpu', 'dml', 'coreml', 'cuda']) satisfies z.ZodType<ProviderId>,
});
type MachineFile = z.output<typeof MachineFile>;
const machineFormat: Format<MachineFile> = { version: 1, schema: MachineFile, migrations: {} };

type Machine = Pick<DoctorReport, 'platform' | 'cores'>;
const machinePath = (home: string) => join(home, 'machine.json');

/** Keeps the compiled engine's best provider on this machine, in the program's own folder. */
export async function rememberProvider(
  home: string,
  { platform, cores }: Machine,
  provider: ProviderId,
): Promise<void> {
  await makeFolder(home);
  await writeJson(machinePath(home), { version: 1, platform, cores, provider }, machineFormat);
}

/** The provider that was found best on this very machine; the CPU while none was looked for, or what was written is damaged. */
export async function rememberedProvider(home: string, machine: Machine): Promise<ProviderId> {
  const file = await readJsonIfPresent(machinePath(home), machineFormat).catch((error: unknown) => {
    if (error instanceof GanvasError) return undefined;
    throw error;
  });
  return file?.platform === machine.platform && file.cores === machine.cores ? file.provider : 'cpu';
}
