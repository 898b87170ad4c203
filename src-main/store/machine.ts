import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GanvasError } from '#shared/contract/errors';
import type { DoctorReport, MachineInfo, ProviderId } from '#shared/contract/types';
import { failDisk, makeFolder, readJsonIfPresent, writeJson } from './atomic';
import type { Format } from './format';

const Provider = z.enum(['cpu', 'webgpu', 'dml', 'coreml', 'cuda']) satisfies z.ZodType<ProviderId>;
const Engine = z.enum(['compiled', 'eager']);
const Computing = z.strictObject({ engine: Engine, provider: Provider });
const Words = z.string().max(4000);
const Cores = z.int().min(1);

const Report = z.strictObject({
  node: Words,
  platform: Words,
  cores: Cores,
  findings: z
    .array(
      z.strictObject({
        engine: Engine,
        provider: Provider,
        device: Words,
        status: z.enum(['right', 'wrong', 'unavailable']),
        difference: z.number().exactOptional(),
        msPerStep: z.number().exactOptional(),
        problem: Words.exactOptional(),
      }),
    )
    .max(50)
    .readonly(),
  best: Computing,
}) satisfies z.ZodType<DoctorReport>;

/** What findings depend on, by name; some are not known to every host. */
export type MachineFacts = Readonly<Record<string, string | number>>;

/** What an examination found, and on which machine: a folder may be carried to another, and a machine be given a graphics card. */
const MachineFile = z.strictObject({
  version: z.literal(3),
  machine: z.record(z.string().max(80), z.union([Words, z.number()])),
  /** What “automatic” takes. */
  best: Computing,
  /** Written before an examination and replaced after it. */
  unfinished: z.boolean(),
  report: Report.exactOptional(),
});
type MachineFile = z.output<typeof MachineFile>;
const machineFormat: Format<MachineFile> = {
  version: 3,
  schema: MachineFile,
  migrations: {
    1: (old) => ({ ...old, unfinished: false }),
    2: ({ platform, cores, provider, ...old }) => ({
      ...old,
      machine: { platform, cores },
      best: { engine: 'compiled', provider },
    }),
  },
};

const machinePath = (home: string) => join(home, 'machine.json');

async function write(home: string, file: Omit<MachineFile, 'version'>) {
  await makeFolder(home);
  await writeJson(machinePath(home), { version: 3, ...file }, machineFormat);
}

/** Notes that an examination begins. If it brings the program down, the next start finds this, and keeps to the CPU. */
export async function beginExamination(home: string, machine: MachineFacts): Promise<void> {
  await write(home, { machine, best: { engine: 'compiled', provider: 'cpu' }, unfinished: true });
}

/** Takes that note back, after an examination that was ended before it found anything: the next start tries again. */
export async function forgetExamination(home: string): Promise<void> {
  await rm(machinePath(home), { force: true }).catch((error: unknown) => failDisk(error, machinePath(home)));
}

/** Keeps what an examination found, in the program's own folder. */
export async function rememberExamination(home: string, machine: MachineFacts, report: DoctorReport): Promise<void> {
  await write(home, { machine, best: report.best, unfinished: false, report });
}

/** What was found on this very machine; nothing where none was examined, or what was written is damaged. */
export async function rememberedMachine(home: string, machine: MachineFacts): Promise<MachineInfo> {
  const file = await readJsonIfPresent(machinePath(home), machineFormat).catch((error: unknown) => {
    if (error instanceof GanvasError) return undefined;
    throw error;
  });
  if (!file || !isSame(file.machine, machine)) {
    return { automatic: undefined, unfinished: false, report: undefined };
  }
  return { automatic: file.best, unfinished: file.unfinished, report: file.report };
}

/** What only one of two hosts knows tells nothing. */
const isSame = (was: MachineFacts, is: MachineFacts): boolean =>
  Object.entries(is).every(([name, value]) => (was[name] ?? value) === value);
