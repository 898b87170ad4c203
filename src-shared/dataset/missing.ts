import { missingCodes } from '../contract/missingCodes';
import type { MissingFiles } from '../contract/types';

/** Files that are named in one sentence. */
const NAMED = 5;

/** `a.png (its file is gone), b.png (its file was changed after the import), …` */
export function missingInWords({ count, files }: MissingFiles): string {
  const named = files.slice(0, NAMED).map(({ name, problem }) => `${name} (${missingCodes[problem]})`);
  return `${named.join(', ')}${count > named.length ? ', …' : ''}`;
}
