/** Collects modules that follow file = export = id, as `import.meta.glob` gives them: adding one is adding its file. */
export function collect<Entry extends { readonly id: string }>(
  modules: Readonly<Record<string, Readonly<Record<string, Entry>>>>,
): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const [path, module] of Object.entries(modules)) {
    const id = path.slice(path.lastIndexOf('/') + 1, -'.ts'.length);
    const entry = module[id];
    if (entry?.id !== id) throw new Error(`${path} must export an object called ${id} with that id`);
    entries.set(id, entry);
  }
  return entries;
}
