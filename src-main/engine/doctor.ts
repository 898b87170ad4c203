import { fail } from '#shared/contract/errors';
import type { DoctorReport } from '#shared/contract/types';

/** Progress of an examination: what is tried now, and how many trials of how many are done. */
export type OnExamined = (trying: string, done: number, total: number) => void;

/** Tries each engine and provider with real training steps and compares its weights with the compiled engine's on the CPU. */
export async function examine(_onProgress: OnExamined): Promise<DoctorReport> {
  return fail('engine.unavailable', { engine: 'compiled', provider: 'cpu', problem: 'being built' });
}
