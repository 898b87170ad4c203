import type { LayerKind } from './layerKind';

// File = export = id: adding a layer is adding its file.
const modules = import.meta.glob<Record<string, LayerKind>>(['../layers/*.ts', '!../layers/*.test.ts'], {
  eager: true,
});

const kinds = new Map<string, LayerKind>();
for (const [path, module] of Object.entries(modules)) {
  const id = path.slice(path.lastIndexOf('/') + 1, -'.ts'.length);
  const kind = module[id];
  if (kind?.id !== id) throw new Error(`${path} must export a layer called ${id} with that id`);
  kinds.set(id, kind);
}

/** Every kind of layer, by id. */
export const layerKinds: ReadonlyMap<string, LayerKind> = kinds;
