import type { CurationSummary } from '#shared/contract/types';

/** Names of the classes of the pictures that are trained on, in the order of their numbers. */
export const classNames = (curation: CurationSummary | undefined): readonly string[] =>
  curation?.classes.map(({ name }) => name) ?? [];
