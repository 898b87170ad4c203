import type { Studio } from '../../app/studio.svelte';

/** Why the pictures cannot be changed now; undefined when they can. A run goes on with the pictures that it began with, so it is no reason. */
export function curationReason({ project, imports }: Studio): string | undefined {
  if (project?.readOnly) return 'This project is open in another Ganvas.';
  return imports.busy ? 'An import is going on.' : undefined;
}
