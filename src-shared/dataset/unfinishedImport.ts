import type { UnfinishedImport } from '../contract/types';

/** `bowls, cups.zip and 3 more` */
function inWords({ sources, count }: UnfinishedImport): string {
  const named = sources.join(', ');
  return count > sources.length ? `${named} and ${count - sources.length} more` : named;
}

/** That an import was cut off, and how it goes on. */
export const unfinishedSentence = (unfinished: UnfinishedImport): string =>
  `An import of ${inWords(unfinished)} was not finished. Add the same pictures again, and it goes on where it was.`;
