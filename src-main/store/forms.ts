import { cpus } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { GanvasError, toErrorData, type ErrorData } from '#shared/contract/errors';
import type { ProviderId } from '#shared/contract/types';
import { makeFolder, readJsonIfPresent, writeJson } from './atomic';
import type { Format } from './format';
import { whileLocked } from './lock';

/** More are not kept: a thousand recipes' worth, on a few machines that share a home. */
const MOST_FORMS = 20_000;
const MOST_MACHINES = 8;
/** So long another program's writing is waited for; it takes some milliseconds. */
const LOCK_MS = 2000;

const Forms = z.record(z.string().max(400), z.string().max(80));
const Providers = z.record(z.string().max(20), Forms);
type Providers = z.output<typeof Providers>;

/** Which forms of the heavy operators are fastest, by machine, provider and problem. */
const FormsFile = z.strictObject({ version: z.literal(2), machines: z.record(z.string().max(400), Providers) });
type FormsFile = z.output<typeof FormsFile>;
const formsFormat: Format<FormsFile> = {
  version: 2,
  schema: FormsFile,
  // It named no ONNX Runtime, so nobody knows which one its forms were timed with.
  migrations: { 1: () => ({ machines: {} }) },
};

/** Looked up only when forms are asked for: the version is that of a library that may not load. */
type Runtime = () => Promise<string>;

interface Computing {
  readonly cores: number;
  readonly threads: number;
  /** Of ONNX Runtime: another one has other kernels. */
  readonly runtime: Runtime;
}

/** The processor decides which forms there are; the rest which of them is fastest. */
const processor = (): string => `${process.platform} ${process.arch}, ${cpus()[0]?.model ?? 'unknown processor'}`;
const machineOf = async ({ cores, threads, runtime }: Computing): Promise<string> =>
  `${processor()}, ${cores} cores, ${threads} threads, ONNX Runtime ${await runtime()}`;

/** What remembers the forms of heavy operators; the engine's FormMemory has this shape. */
interface FormMemory {
  read(provider: ProviderId): Promise<ReadonlyMap<string, string>>;
  write(provider: ProviderId, forms: ReadonlyMap<string, string>): Promise<void>;
}

/**
 * The memory of the fastest forms in the program's own folder. What was found on another machine is left alone, what is damaged counts as nothing: it is found
 * again. A home that cannot be written to keeps nobody from training.
 */
export function formMemory(home: string, computing: Computing): FormMemory {
  const path = join(home, 'forms.json');
  return {
    async read(provider) {
      const file = await readJsonIfPresent(path, formsFormat).catch(ignored);
      return formsIn(file, await machineOf(computing), provider);
    },
    async write(provider, forms) {
      try {
        const machine = await machineOf(computing);
        await makeFolder(home);
        // Other programs find forms of their own meanwhile.
        await whileLocked(`${path}.lock`, LOCK_MS, async () => {
          const file = await readJsonIfPresent(path, formsFormat).catch(ignored);
          const known = formsIn(file, machine, provider);
          if (!addsTo(known, forms)) return;
          await writeJson(path, withForms(file, machine, provider, merged(known, forms)), formsFormat);
        });
      } catch (error) {
        ignored(error);
      }
    },
  };
}

const runForms = (runDir: string) => join(runDir, 'forms.json');

/**
 * The memory of one run, in its folder: the forms it was begun with stay its own, whatever is found fastest later, so that the same seed gives the same bits.
 * What it lacks is taken from the machine's memory. A processor of another kind may have none of its forms, and never gives its bits: there it begins anew.
 * So it does where its file is damaged, which `warn` is told.
 */
export function runFormMemory(
  runDir: string,
  machines: FormMemory,
  runtime: Runtime,
  warn: (error: ErrorData) => void,
): FormMemory {
  const path = runForms(runDir);
  const readFile = () =>
    readJsonIfPresent(path, formsFormat).catch((error: unknown) => {
      if (!(error instanceof GanvasError) || error.code !== 'project.unreadable') throw error;
      warn(toErrorData(new GanvasError('run.forms-damaged', error.facts)));
      return undefined;
    });
  const own = async () => ({ file: await readFile(), machine: `${processor()}, ONNX Runtime ${await runtime()}` });
  return {
    async read(provider) {
      const { file, machine } = await own();
      return merged(await machines.read(provider), formsIn(file, machine, provider));
    },
    async write(provider, forms) {
      const { file, machine } = await own();
      const known = formsIn(file, machine, provider);
      // Those that came with the run may have been timed elsewhere.
      const found = new Map([...forms].filter(([problem]) => !known.has(problem)));
      if (found.size === 0) return;
      await writeJson(path, withForms(file, machine, provider, merged(known, found)), formsFormat);
      await machines.write(provider, found);
    },
  };
}

/** A run takes over the forms of an earlier one, so that the same seed gives the same bits once more. What cannot be read is found anew. */
export async function takeOverForms(earlierDir: string, runDir: string): Promise<void> {
  const file = await readJsonIfPresent(runForms(earlierDir), formsFormat).catch(ignored);
  if (file) await writeJson(runForms(runDir), file, formsFormat);
}

const formsIn = (file: FormsFile | undefined, machine: string, provider: ProviderId): ReadonlyMap<string, string> =>
  new Map(Object.entries(file?.machines[machine]?.[provider] ?? {}));

const addsTo = (known: ReadonlyMap<string, string>, forms: ReadonlyMap<string, string>): boolean =>
  [...forms].some(([problem, form]) => known.get(problem) !== form);

const merged = (before: ReadonlyMap<string, string>, forms: ReadonlyMap<string, string>) =>
  new Map([...before, ...forms]);

/** The file with a provider's forms on one machine; the newest machines and forms are the last, and those are kept. */
function withForms(
  file: FormsFile | undefined,
  machine: string,
  provider: ProviderId,
  forms: ReadonlyMap<string, string>,
): FormsFile {
  const { [machine]: here, ...others } = file?.machines ?? {};
  const kept = Object.fromEntries([...forms].slice(-MOST_FORMS));
  const machines = [...Object.entries(others), [machine, { ...here, [provider]: kept }] as const];
  return { version: 2, machines: Object.fromEntries(machines.slice(-MOST_MACHINES)) };
}

function ignored(error: unknown): undefined {
  if (error instanceof GanvasError) return undefined;
  throw error;
}
