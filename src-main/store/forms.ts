import { cpus } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { GanvasError } from '#shared/contract/errors';
import type { ProviderId } from '#shared/contract/types';
import { makeFolder, readJsonIfPresent, writeJson } from './atomic';
import type { Format } from './format';

/** More are not kept: a thousand recipes' worth. */
const MOST_FORMS = 20_000;

/** Which forms of the heavy operators are fastest, by problem, for each provider; and on which machine that was found. */
const FormsFile = z.strictObject({
  version: z.literal(1),
  machine: z.string().max(400),
  providers: z.record(z.string().max(20), z.record(z.string().max(400), z.string().max(80))),
});
type FormsFile = z.output<typeof FormsFile>;
const formsFormat: Format<FormsFile> = { version: 1, schema: FormsFile, migrations: {} };

interface Threads {
  readonly cores: number;
  readonly threads: number;
}

const formsPath = (home: string) => join(home, 'forms.json');

/** All that timings depend on, apart from the provider. */
const machineOf = ({ cores, threads }: Threads): string =>
  `${process.platform} ${process.arch}, ${cpus()[0]?.model ?? 'unknown processor'}, ${cores} cores, ${threads} threads`;

/**
 * The memory of the fastest forms in the program's own folder. What was found on another machine, or is damaged, counts as nothing: it is found again. A
 * home that cannot be written to keeps nobody from training.
 */
export function formMemory(home: string, threads: Threads) {
  const machine = machineOf(threads);
  const read = async (): Promise<FormsFile['providers']> => {
    const file = await readJsonIfPresent(formsPath(home), formsFormat).catch(ignored);
    return file?.machine === machine ? file.providers : {};
  };
  return {
    async read(provider: ProviderId): Promise<ReadonlyMap<string, string>> {
      return new Map(Object.entries((await read())[provider] ?? {}));
    },
    async write(provider: ProviderId, forms: ReadonlyMap<string, string>): Promise<void> {
      // The newest are the last.
      const kept = Object.fromEntries([...forms].slice(-MOST_FORMS));
      try {
        await makeFolder(home);
        const providers = { ...(await read()), [provider]: kept };
        await writeJson(formsPath(home), { version: 1, machine, providers }, formsFormat);
      } catch (error) {
        ignored(error);
      }
    },
  };
}

function ignored(error: unknown): undefined {
  if (error instanceof GanvasError) return undefined;
  throw error;
}
