import type { NetworkName } from './model';
import { layersOf, type LayerNode, type Recipe } from './recipe';

/** Edits of a recipe's networks: each takes a recipe and returns another, or the same one where there is nothing to do. */

const withLayers = (recipe: Recipe, network: NetworkName, layers: LayerNode[]): Recipe => ({
  ...recipe,
  [network]: layers,
});

/** A readable id that no layer of the network has: `g5-relu`. */
export function freshId(recipe: Recipe, network: NetworkName, kind: string): string {
  const layers = layersOf(recipe, network);
  const taken = new Set(layers.map(({ id }) => id));
  // Ids are lower case and at most 40 characters.
  const name = kind
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 30);
  for (let number = layers.length + 1; ; number++) {
    const id = `${network.charAt(0)}${number}-${name}`;
    if (!taken.has(id)) return id;
  }
}

/** Puts a new layer of a kind, with its default settings, at a place (0 … length). */
export function insertLayer(recipe: Recipe, network: NetworkName, at: number, kind: string): Recipe {
  const node: LayerNode = { id: freshId(recipe, network, kind), kind, settings: {} };
  return withLayers(recipe, network, layersOf(recipe, network).toSpliced(at, 0, node));
}

export function removeLayer(recipe: Recipe, network: NetworkName, id: string): Recipe {
  return withLayers(
    recipe,
    network,
    layersOf(recipe, network).filter((node) => node.id !== id),
  );
}

/** Takes a layer to a place (0 … length − 1). */
export function placeLayer(recipe: Recipe, network: NetworkName, id: string, at: number): Recipe {
  const layers = layersOf(recipe, network);
  const others = layers.filter((node) => node.id !== id);
  const node = layers.find((one) => one.id === id);
  return node ? withLayers(recipe, network, others.toSpliced(at, 0, node)) : recipe;
}

/** Swaps a layer with its neighbour; at the end of the network nothing changes. */
export function moveLayer(recipe: Recipe, network: NetworkName, id: string, by: -1 | 1): Recipe {
  const layers = layersOf(recipe, network);
  const at = layers.findIndex((node) => node.id === id);
  const [moved, other] = [layers[at], layers[at + by]];
  if (!moved || !other) return recipe;
  return withLayers(recipe, network, layers.with(at, other).with(at + by, moved));
}

/** Puts a copy of a layer behind it. */
export function duplicateLayer(recipe: Recipe, network: NetworkName, id: string): Recipe {
  const at = layersOf(recipe, network).findIndex((node) => node.id === id);
  const node = layersOf(recipe, network)[at];
  if (!node) return recipe;
  const copy = { ...node, id: freshId(recipe, network, node.kind), settings: { ...node.settings } };
  return withLayers(recipe, network, layersOf(recipe, network).toSpliced(at + 1, 0, copy));
}

export function setLayerSetting(
  recipe: Recipe,
  network: NetworkName,
  id: string,
  setting: string,
  value: number | string | boolean,
): Recipe {
  return withLayers(
    recipe,
    network,
    layersOf(recipe, network).map((node) =>
      node.id === id ? { ...node, settings: { ...node.settings, [setting]: value } } : node,
    ),
  );
}

/** Names the layers that a layer takes; naming the one before it alone is naming none. */
export function setLayerInputs(recipe: Recipe, network: NetworkName, id: string, inputs: readonly string[]): Recipe {
  const layers = layersOf(recipe, network);
  const at = layers.findIndex((node) => node.id === id);
  const node = layers[at];
  if (!node) return recipe;
  const unnamed: LayerNode = { id: node.id, kind: node.kind, settings: node.settings };
  const usual = inputs.length === 1 && inputs[0] === layers[at - 1]?.id;
  return withLayers(recipe, network, layers.with(at, usual ? unnamed : { ...unnamed, inputs: [...inputs] }));
}
