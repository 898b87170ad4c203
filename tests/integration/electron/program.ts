import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { chromiumLaunch } from '../../tools/chromium';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** The built desktop program, run by Node with the test double in Electron's place. Whoever starts it ends it. */
export class DesktopProgram {
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #output = '';
  #calls = 0;

  private constructor(child: ChildProcess) {
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (this.#output += String(text)));
    child.on('message', (reply: Reply) => this.#waiting.get(reply.id)?.(reply));
    this.exited = once(child, 'exit').then(([code]: (number | null)[]) => {
      for (const answer of this.#waiting.values()) answer({ id: 0, error: `the program ended\n${this.#output}` });
      return code ?? null;
    });
  }

  static async start(home: string, env: Readonly<Record<string, string>> = {}): Promise<DesktopProgram> {
    const child = fork(at('../../../out/main/electron.js'), [], {
      execArgv: ['--import', at('./double/register.mjs')],
      env: { ...process.env, GANVAS_HOME: home, DOUBLE_CHROMIUM: JSON.stringify(await chromiumLaunch()), ...env },
      silent: true,
    });
    return new DesktopProgram(child);
  }

  /** What the program printed, its errors too. */
  get output(): string {
    return this.#output;
  }

  async ask<T>(operation: string, ...args: readonly unknown[]): Promise<T> {
    const id = ++this.#calls;
    const answered = new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    this.#child.send({ id, operation, args });
    const { result, error } = await answered;
    this.#waiting.delete(id);
    if (error !== undefined) throw new Error(error);
    return result as T;
  }

  /** Runs an expression in the page. */
  evaluate<T>(expression: string): Promise<T> {
    return this.ask('evaluate', expression);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
