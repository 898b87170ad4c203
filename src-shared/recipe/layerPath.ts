import { fail } from '../contract/errors';
import { insertLayer, placeLayer, removeLayer, setLayerInputs } from './edits';
import { allNetworks, type NetworkName } from './model';
import { layersOf, parseRecipe, type Recipe } from './recipe';
import { kindCalled, settingAt } from './settingPath';

/**
 * Layers of a recipe by name, as the command line has them: `generator.g5-relu`. A place is a layer's number in its network, from 1, as the window shows
 * it. Each edit gives another recipe, and fails with `recipe.no-setting` where there is no such layer.
 */

interface LayerPath {
  readonly network: NetworkName;
  readonly id: string;
}

/** With a new layer of a kind, in its default settings, at a place; at the end without one. */
export function withLayer(recipe: Recipe, networkPath: string, kind: string, place?: string): Recipe {
  const network = networkAt(recipe, networkPath);
  const { id } = kindCalled(kind, network);
  const last = layersOf(recipe, network).length + 1;
  return parseRecipe(insertLayer(recipe, network, placeOf(place ?? `${last}`, last), id));
}

export function withoutLayer(recipe: Recipe, path: string): Recipe {
  const { network, id } = layerAt(recipe, path);
  return removeLayer(recipe, network, id);
}

/** With a layer at another place. */
export function withLayerMoved(recipe: Recipe, path: string, place: string): Recipe {
  const { network, id } = layerAt(recipe, path);
  return placeLayer(recipe, network, id, placeOf(place, layersOf(recipe, network).length));
}

/** With a layer that takes the outputs of these layers of its network. */
export function withInputs(recipe: Recipe, path: string, inputs: readonly string[]): Recipe {
  const { network, id } = layerAt(recipe, path);
  for (const input of inputs) settingAt(recipe, `${network}.${input}`);
  return parseRecipe(setLayerInputs(recipe, network, id, inputs));
}

function networkAt(recipe: Recipe, path: string): NetworkName {
  const known = allNetworks.filter((name) => recipe[name] !== undefined);
  return known.find((name) => name === path) ?? fail('recipe.no-setting', { path, known: known.join(', ') });
}

function layerAt(recipe: Recipe, path: string): LayerPath {
  const [name = '', id = '', ...rest] = path.split('.');
  const network = networkAt(recipe, name);
  const layers = layersOf(recipe, network);
  if (rest.length === 0 && layers.some((node) => node.id === id)) return { network, id };
  return fail('recipe.no-setting', { path, known: layers.map((node) => `${network}.${node.id}`).join(', ') });
}

/** A typed number of a layer as an index. */
function placeOf(text: string, last: number): number {
  const place = Number(text);
  if (Number.isInteger(place) && place >= 1 && place <= last) return place - 1;
  return fail('option.invalid', { option: 'place', value: text, problem: `it is a number from 1 to ${last}` });
}
