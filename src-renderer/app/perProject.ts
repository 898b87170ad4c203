import { underOwnRoot } from './ownRoot.svelte';

/** One of a thing a project, made on the first use and kept as long as the page: a room that is left and entered again finds its own. */
export function perProject<Thing>(make: (projectId: string) => Thing): (projectId: string) => Thing {
  const made = new Map<string, Thing>();
  return (projectId) => {
    const thing = made.get(projectId) ?? underOwnRoot(() => make(projectId));
    made.set(projectId, thing);
    return thing;
  };
}
