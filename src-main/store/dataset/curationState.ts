import type { PictureFit } from '#shared/contract/types';
import type { Split } from '#shared/dataset/curation';

/** What a user decided about a project's pictures, by their content: it holds for pictures that are imported again. */
export interface Curation {
  readonly excluded: ReadonlyMap<string, true>;
  /** Near duplicates that are meant to be alike. */
  readonly kept: ReadonlyMap<string, true>;
  /** Classes of single pictures. */
  readonly classes: ReadonlyMap<string, string>;
  /** New names of classes, by the name that the import found. */
  readonly classNames: ReadonlyMap<string, string>;
  readonly fits: ReadonlyMap<string, PictureFit>;
  /** Sampling weights by class, those that are not 1. */
  readonly weights: ReadonlyMap<string, number>;
  readonly settings: ReadonlyMap<'split' | 'balanced' | 'fit', Split | boolean | PictureFit>;
}

type Section = keyof Curation;

/** Entries to set, or to remove (`null`), section by section. */
export type Patch = { readonly [S in Section]?: readonly (readonly [key: string, value: unknown])[] };

export const emptyCuration: Curation = {
  excluded: new Map(),
  kept: new Map(),
  classes: new Map(),
  classNames: new Map(),
  fits: new Map(),
  weights: new Map(),
  settings: new Map(),
};

export const splitOf = ({ settings }: Curation) =>
  (settings.get('split') as Split | undefined) ?? { heldOut: 0, seed: 0 };
export const isBalanced = ({ settings }: Curation) => settings.get('balanced') === true;
/** How a picture is to become a square: its own fit, else that of all, else the one that the pack was begun with. */
export const fitOf = ({ fits, settings }: Curation, id: string, begun: PictureFit): PictureFit =>
  fits.get(id) ?? (settings.get('fit') as PictureFit | undefined) ?? begun;

/** A picture's class: the one it was given by hand, else the imported one under its present name. */
export function classOf(
  { classes, classNames }: Curation,
  id: string,
  imported: string | undefined,
): string | undefined {
  return classes.get(id) ?? (imported === undefined ? undefined : (classNames.get(imported) ?? imported));
}

/** The curation after a patch, and the patch that takes it back; undefined when it changes nothing. */
export function applyPatch(
  curation: Curation,
  patch: Patch,
): { readonly curation: Curation; readonly inverse: Patch } | undefined {
  const changed: Partial<Record<Section, ReadonlyMap<string, unknown>>> = {};
  const inverse: Partial<Record<Section, readonly (readonly [string, unknown])[]>> = {};
  for (const [section, entries] of Object.entries(patch) as [Section, readonly (readonly [string, unknown])[]][]) {
    const map = new Map<string, unknown>(curation[section]);
    const before: (readonly [string, unknown])[] = [];
    for (const [key, value] of entries) {
      const old = map.get(key) ?? null;
      if (JSON.stringify(old) === JSON.stringify(value)) continue;
      before.push([key, old]);
      if (value === null) map.delete(key);
      else map.set(key, value);
    }
    if (before.length === 0) continue;
    changed[section] = map;
    // Last first, for a key that is set twice.
    inverse[section] = before.reverse();
  }
  if (Object.keys(inverse).length === 0) return undefined;
  return { curation: { ...curation, ...changed } as Curation, inverse };
}

/** Entries of a patch, for the caps of the history. */
export function patchSize(patch: Patch): number {
  return Object.values(patch).reduce((sum, entries) => sum + entries.length, 0);
}
