import { extname } from 'node:path';
import { fail } from '#shared/contract/errors';

/** Fails for a file whose name promises another format than the one written, which no other program would open. */
export function refuseOtherFormat(out: string, extension: `.${string}`): void {
  const promised = extname(out).toLowerCase();
  if (promised === '' || promised === extension) return;
  fail('option.invalid', { option: '--out', value: out, problem: `what is written is a ${extension} file` });
}
