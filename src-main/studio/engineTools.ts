import { execFile, spawn } from 'node:child_process';
import { GanvasError } from '#shared/contract/errors';
import { limits } from '#shared/contract/limits';
import type { NativeEngineId } from '#shared/contract/nativeEngines';
import { shellLine, type BuildTools, type PlannedCommand } from './enginePlan';

const PROBE_MS = 20_000;

/** Looks for what building needs, by running each once. */
export async function findBuildTools(): Promise<BuildTools> {
  const [npm, python, compiler, nvidia] = await Promise.all([
    firstThatRuns(['npm'], ['--version']),
    firstThatRuns([process.env['GANVAS_PYTHON'], 'python3', 'python'], ['-m', 'pip', '--version']),
    firstThatRuns([process.env['CXX'], 'c++', 'g++', 'clang++'], ['--version']),
    firstThatRuns(['nvidia-smi'], ['-L']),
  ]);
  const { platform, arch, execPath: node } = process;
  return { platform, arch, node, npm, python, compiler, nvidia: nvidia !== undefined };
}

async function firstThatRuns(
  programs: readonly (string | undefined)[],
  args: readonly string[],
): Promise<string | undefined> {
  for (const program of programs) {
    if (!program) continue;
    const ran = await new Promise<boolean>((resolve) => {
      execFile(program, [...args], { timeout: PROBE_MS }, (error) => resolve(error === null));
    });
    if (ran) return program;
  }
  return undefined;
}

/** Runs a command in `folder`; `engines.failed` with its last words when it fails. Ended by the signal. */
export async function runPlanned(
  engine: NativeEngineId,
  command: PlannedCommand,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  let said = '';
  const hear = (chunk: string): void => {
    said = (said + chunk).slice(-limits.engineCommandCharacters);
  };
  const end = await new Promise<string | undefined>((resolve) => {
    const child = spawn(command.program, [...command.args], {
      cwd: folder,
      signal,
      timeout: limits.engineCommandMs,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
    // Once it is told to end it may still write; what is left behind is removed when it has ended.
    child.on('error', (error) => !signal.aborted && resolve(error.message));
    child.on('exit', () => signal.aborted && resolve('it was ended'));
    child.on('close', (code, by) => resolve(code === 0 ? undefined : `it ended with ${code ?? by}`));
  });
  if (end === undefined) return;
  const lines = said.trim().split('\n').filter(Boolean);
  const problem = lines.slice(-3).join(' ') || end;
  throw new GanvasError('engines.failed', { engine, command: shellLine(command), problem });
}
