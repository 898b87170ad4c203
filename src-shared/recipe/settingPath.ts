import { fail } from '../contract/errors';
import type { LayerKind } from './layerKind';
import { layerKinds } from './layerRegistry';
import { allNetworks, networkNames } from './model';
import { withModel } from './presets';
import { clippingSettingsOf, layersOf, optimizerSettingsOf, parseRecipe, type LayerNode, type Recipe } from './recipe';

/**
 * Settings of a recipe by name, as the command line has them: `training.batchSize`, `optimizers.discriminator.kind`, and of a layer by its id,
 * `generator.g1-dense.units`, beside its `kind` and its `inputs`. What is between the dots is a key, never an index.
 */

type Part = Readonly<Record<string, unknown>>;

/** The setting at a path, or the part of the recipe that is there; the whole without a path. Fails with `recipe.no-setting`. */
export function settingAt(recipe: Recipe, path: string): unknown {
  const keys = keysOf(path);
  return keys.reduce<unknown>(
    (part, key, index) => {
      const known = partsOf(part);
      if (!Object.hasOwn(known, key)) missing(keys, index, known);
      return known[key];
    },
    spelledOut(recipe, keys[0]),
  );
}

/**
 * The recipe with one setting, or one whole part, changed. A new `kind` brings its own settings with their defaults, and a new model the network that it
 * needs. Fails with `recipe.no-setting` where nothing has that path, with `recipe.invalid` where the value does not fit.
 */
export function withSetting(recipe: Recipe, path: string, value: unknown): Recipe {
  const keys = keysOf(path);
  settingAt(recipe, path);
  const [part, name] = keys;
  // What the encoder has as the generator has it gets its own only when it is set.
  const whole = name === 'encoder' ? spelledOut(recipe, part) : recipe;
  const changed = parseRecipe(replaced(whole, keys, value));
  refuseMisfits(recipe, changed);
  return part === 'model' ? withModel(changed, changed.model) : changed;
}

/** A recipe in which one of its parts says of the encoder what it has as the generator has it. */
function spelledOut(recipe: Recipe, part: string | undefined): Recipe {
  if (!networkNames(recipe).includes('encoder')) return recipe;
  const { optimizers, clipping } = recipe;
  switch (part) {
    case 'optimizers':
      return { ...recipe, optimizers: { ...optimizers, encoder: optimizerSettingsOf(recipe, 'encoder') } };
    case 'clipping':
      return { ...recipe, clipping: { ...clipping, encoder: clippingSettingsOf(recipe, 'encoder') } };
    default:
      return recipe;
  }
}

/** A layer's kind and settings are checked by what there is, which the recipe's own schema does not know; layers that stay as they were are not. */
function refuseMisfits(before: Recipe, after: Recipe): void {
  for (const network of allNetworks) {
    const same = new Set(layersOf(before, network).map((node) => JSON.stringify(node)));
    for (const node of layersOf(after, network)) {
      if (same.has(JSON.stringify(node))) continue;
      const path = `${network}.${node.id}`;
      const issue = kindCalled(node.kind, `${path}.kind`).settings.safeParse(node.settings).error?.issues[0];
      if (issue) fail('recipe.invalid', { problem: `${[path, ...issue.path].join('.')}: ${issue.message}` });
    }
  }
}

/** A kind of layer; `recipe.invalid` says at a path which there are. */
export function kindCalled(id: string, path: string): LayerKind {
  const known = [...layerKinds.keys()].join(', ');
  return (
    layerKinds.get(id) ?? fail('recipe.invalid', { problem: `${path}: there is no layer called “${id}”, but ${known}` })
  );
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

/** What a part has by name: layers by their id, a layer's settings with their defaults and what else it is, else its own keys. */
function partsOf(part: unknown): Part {
  if (Array.isArray(part)) return Object.fromEntries(wired(part as LayerNode[]).map((node) => [node.id, node]));
  if (isLayer(part)) {
    const { kind, inputs, settings } = part;
    const parsed = layerKinds.get(kind)?.settings.safeParse(settings);
    return { ...(parsed?.success ? (parsed.data as Part) : settings), kind, ...(inputs && { inputs }) };
  }
  return typeof part === 'object' && part !== null ? (part as Part) : {};
}

/** Layers that all name their inputs, but the first, which takes the network's. */
const wired = (nodes: readonly LayerNode[]): LayerNode[] =>
  nodes.map((node, index) => {
    const before = nodes[index - 1];
    return before ? { ...node, inputs: node.inputs ?? [before.id] } : node;
  });

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
  if (isLayer(part)) return replacedInLayer(part, key, value);
  const own = part as Part;
  if (key === 'kind' && rest.length === 0 && own[key] !== value) return { kind: value };
  return { ...own, [key]: replaced(own[key], rest, value) };
}

function replacedInLayer(node: LayerNode, key: string, value: unknown): unknown {
  if (key === 'inputs') return { ...node, inputs: value };
  if (key === 'kind') return node.kind === value ? node : { ...node, kind: value, settings: {} };
  return { ...node, settings: { ...node.settings, [key]: value } };
}
