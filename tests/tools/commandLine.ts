import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built command line, with the flags of package.json's scripts; `npm test` and `npm run build` make it. */
const cli = fileURLToPath(new URL('../../out/main/cli.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way; `finished` never rejects. */
export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** Starts `ganvas ARGS` with a home of its own. */
export function startGanvas(home: string, args: readonly string[], onStdout?: (text: string) => void): Running {
  const child = spawn(process.execPath, ['--single-threaded-gc', cli, ...args], {
    env: { ...process.env, GANVAS_HOME: home },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
    onStdout?.(stdout);
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk));
  const finished = new Promise<Finished>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, finished };
}

/** Runs `ganvas ARGS` to its end. */
export function ganvas(home: string, ...args: readonly string[]): Promise<Finished> {
  return startGanvas(home, args).finished;
}
