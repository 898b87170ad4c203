/** One of a thing a project, made on the first use and kept as long as the page: a room that is left and entered again finds its own. */
export function perProject<Thing>(make: (projectId: string) => Thing): (projectId: string) => Thing {
  const made = new Map<string, Thing>();
  return (projectId) => {
    const kept = made.get(projectId);
    if (kept !== undefined) return kept;
    let thing: Thing | undefined;
    // A $derived dies with the effect it was made under. Under a root of its own, a thing outlives the component that first asked for it.
    $effect.root(() => {
      thing = make(projectId);
    });
    made.set(projectId, thing as Thing);
    return thing as Thing;
  };
}
