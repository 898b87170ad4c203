import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GanvasError } from '#shared/contract/errors';
import type { DoctorFinding, DoctorReport, MachineInfo, ProviderId } from '#shared/contract/types';
import { failDisk, makeFolder, readJsonIfPresent, writeJson } from './atomic';
import type { Format } from './format';

const Provider = z.enum(['cpu', 'webgpu', 'dml', 'coreml', 'cuda']) satisfies z.ZodType<ProviderId>;
const Engine = z.enum(['compiled', 'eager']);
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
  best: z.strictObject({ engine: Engine, provider: Provider }),
}) satisfies z.ZodType<DoctorReport>;

/** What an examination found, and on which machine: a folder may be carried to another. */
const MachineFile = z.strictObject({
  version: z.literal(2),
  platform: Words,
  cores: Cores,
  /** The compiled engine's fastest that is right. */
  provider: Provider,
  /** Written before an examination and replaced after it. */
  unfinished: z.boolean(),
  report: Report.exactOptional(),
});
type MachineFile = z.output<typeof MachineFile>;
const machineFormat: Format<MachineFile> = {
  version: 2,
  schema: MachineFile,
  migrations: { 1: (old) => ({ ...old, unfinished: false }) },
};

type Machine = Pick<DoctorReport, 'platform' | 'cores'>;
const machinePath = (home: string) => join(home, 'machine.json');

async function write(home: string, { platform, cores }: Machine, file: Omit<MachineFile, 'version' | keyof Machine>) {
  await makeFolder(home);
  await writeJson(machinePath(home), { version: 2, platform, cores, ...file }, machineFormat);
}

/** Notes that an examination begins. If it brings the program down, the next start finds this, and keeps to the CPU. */
export async function beginExamination(home: string, machine: Machine): Promise<void> {
  await write(home, machine, { provider: 'cpu', unfinished: true });
}

/** Takes that note back, after an examination that was ended before it found anything: the next start tries again. */
export async function forgetExamination(home: string): Promise<void> {
  await rm(machinePath(home), { force: true }).catch((error: unknown) => failDisk(error, machinePath(home)));
}

/** Keeps what an examination found, in the program's own folder. */
export async function rememberExamination(home: string, report: DoctorReport): Promise<void> {
  await write(home, report, { provider: fastestCompiled(report.findings), unfinished: false, report });
}

function fastestCompiled(findings: readonly DoctorFinding[]): ProviderId {
  const speed = ({ msPerStep = Infinity }: DoctorFinding) => msPerStep;
  const right = findings.filter(({ engine, status }) => engine === 'compiled' && status === 'right');
  return right.sort((a, b) => speed(a) - speed(b))[0]?.provider ?? 'cpu';
}

/** What was found on this very machine; nothing where none was examined, or what was written is damaged. */
export async function rememberedMachine(home: string, machine: Machine): Promise<MachineInfo> {
  const file = await readJsonIfPresent(machinePath(home), machineFormat).catch((error: unknown) => {
    if (error instanceof GanvasError) return undefined;
    throw error;
  });
  if (file?.platform !== machine.platform || file.cores !== machine.cores) {
    return { automatic: undefined, unfinished: false, report: undefined };
  }
  return { automatic: file.provider, unfinished: file.unfinished, report: file.report };
}
