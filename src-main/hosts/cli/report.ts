import { once } from 'node:events';
import { toErrorData } from '#shared/contract/errors';

/** Prints an error for people: what happened, and what to do about it. The stack only with GANVAS_DEBUG=1. */
export function printError(error: unknown): void {
  const { message, hint } = toErrorData(error);
  process.stderr.write(`${message}\n${hint}\n`);
  if (process.env.GANVAS_DEBUG === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}

/** 1: the user can mend it; 2: a defect of the program. */
export function exitCodeOf(error: unknown): 1 | 2 {
  return toErrorData(error).code === 'defect' ? 2 : 1;
}

/** Prints a command's result: as one line of JSON, or in words. */
export function printResult(json: boolean | undefined, result: object, words: string): void {
  process.stdout.write(`${json ? JSON.stringify(result) : words}\n`);
}

/** The same of a result that may be larger than a text can be: one line of JSON, piece by piece. */
export async function printPieces(pieces: AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
  process.stdout.write('\n');
}

/** Text from files as a terminal may have it: one line, no control characters, nothing that turns its direction around. */
export const plain = (text: string): string => text.replaceAll(/[\p{Cc}\u2028-\u202E\u2066-\u2069]/gu, '\uFFFD');

/** A line of progress on a terminal, written over itself; scripts and logs get none. */
export class ProgressLine {
  #shown = false;

  show(text: string): void {
    if (!process.stderr.isTTY) return;
    process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) process.stderr.write('\r\x1b[K');
    this.#shown = false;
  }
}
