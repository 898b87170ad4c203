import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from '../../src-main/hosts/launch/build.mjs';

/** The built web host in a process of its own, with the flags of package.json's scripts. Whoever starts it ends it. */
export interface WebProgram {
  /** With the token. */
  readonly url: string;
  readonly process: ChildProcess;
  /** Its exit code, when it has ended. */
  readonly exited: Promise<number | null>;
  /** All that it printed so far. */
  output(): string;
}

export async function startWebProgram(home: string): Promise<WebProgram> {
  await ensureBuilt();
  const entry = fileURLToPath(new URL('../../out/main/web.js', import.meta.url));
  const child = spawn(process.execPath, ['--single-threaded-gc', entry, '--no-open'], {
    env: { ...process.env, GANVAS_HOME: home },
  });
  let output = '';
  const url = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        output += String(text);
        const [found] = /http:\S+/.exec(output) ?? [];
        if (found) resolve(found);
      });
    }
    child.once('exit', () => reject(new Error(`The web host ended: ${output}`)));
  });
  const exited = once(child, 'exit').then(([code]: (number | null)[]) => code ?? null);
  return { url: await url, process: child, exited, output: () => output };
}
