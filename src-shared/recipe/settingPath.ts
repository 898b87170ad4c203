import { fail } from '../contract/errors';
import { layerKinds } from './layerRegistry';
import { parseRecipe, type LayerNode, type Recipe } from './recipe';

/**
 * Settings of a recipe by name, as the command line has them: `training.batchSize`, `optimizers.discriminator.kind`, and of a layer by its id,
 * `generator.g1-dense.units`. What is between the dots is a key, never an index.
 */

type Part = Readonly<Record<string, unknown>>;

/** The setting at a path, or the part of the recipe that is there; the whole without a path. Fails with `recipe.no-setting`. */
export function settingAt(recipe: Recipe, path: string): unknown {
  return keysOf(path).reduce<unknown>((part, key, index, keys) => {
    const known = partsOf(part);
    if (!Object.hasOwn(known, key)) missing(keys, index, known);
    return known[key];
  }, recipe);
}

/**
 * The recipe with one setting, or one whole part, changed. A new `kind` brings its own settings with their defaults. Fails with `recipe.no-setting` where
 * nothing has that path, with `recipe.invalid` where the value does not fit.
 */
export function withSetting(recipe: Recipe, path: string, value: unknown): Recipe {
  const keys = keysOf(path);
  settingAt(recipe, path);
  const changed = parseRecipe(replaced(recipe, keys, value));
  // A layer's settings are checked by its kind, which the recipe's own schema does not know.
  const [network, id, ...rest] = keys;
  if (network !== 'generator' && network !== 'discriminator') return changed;
  const node = changed[network].find((layer) => layer.id === id);
  const problem = node && layerKinds.get(node.kind)?.settings.safeParse(node.settings).error?.issues[0];
  if (problem) fail('recipe.invalid', { problem: `${[network, id, ...rest].join('.')}: ${problem.message}` });
  return changed;
}

/** What a value means that was typed: JSON where it is some (numbers, true, false), else the text itself. */
export function typedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const keysOf = (path: string): string[] => (path === '' ? [] : path.split('.'));

/** What a part has by name: layers by their id, a layer's settings with their defaults, else its own keys. */
function partsOf(part: unknown): Part {
  if (Array.isArray(part)) return Object.fromEntries((part as LayerNode[]).map((node) => [node.id, node]));
  if (isLayer(part)) {
    const parsed = layerKinds.get(part.kind)?.settings.safeParse(part.settings);
    return parsed?.success ? (parsed.data as Part) : part.settings;
  }
  return typeof part === 'object' && part !== null ? (part as Part) : {};
}

const isLayer = (part: unknown): part is LayerNode =>
  typeof part === 'object' && part !== null && 'id' in part && 'settings' in part;

function missing(keys: readonly string[], index: number, known: Part): never {
  const names = Object.keys(known);
  return fail('recipe.no-setting', {
    path: keys.slice(0, index + 1).join('.'),
    known: names.length > 0 ? names.join(', ') : 'nothing: it is a single value',
  });
}

function replaced(part: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(part)) {
    return (part as LayerNode[]).map((node) => (node.id === key ? replaced(node, rest, value) : node));
  }
  if (isLayer(part)) return { ...part, settings: { ...part.settings, [key]: value } };
  const own = part as Part;
  if (key === 'kind' && rest.length === 0 && own[key] !== value) return { kind: value };
  return { ...own, [key]: replaced(own[key], rest, value) };
}
