import { posix } from 'node:path';
import { isPictureName } from './pictureName';

/** More than one picture is called so. */
const SEVERAL = null;

/**
 * Finds the pictures that a list's entries mean: by their path from the list's folder; else by that without its ending (a list of ids); else by the name alone, with
 * or without its ending, where one picture below the list's folder is called so (a list beside its folder of pictures).
 */
export class LabelMatch {
  readonly #folder: string;
  readonly #names: ReadonlySet<string>;
  #others: Map<string, string | typeof SEVERAL> | undefined;

  /** `folder`: the list's; `names`: of all files of the import. */
  constructor(folder: string, names: ReadonlySet<string>) {
    this.#folder = folder;
    this.#names = names;
  }

  /** The file that `entry` means; undefined where there is none, or more than one. */
  find(entry: string): string | undefined {
    const path = posix.join(this.#folder, entry);
    if (this.#names.has(path)) return path;
    this.#others ??= this.#otherNames();
    for (const key of [keyOfStem(path), keyOfBase(entry), keyOfBaseStem(entry)]) {
      const found = this.#others.get(key);
      if (found !== undefined) return found ?? undefined;
    }
    return undefined;
  }

  #otherNames(): Map<string, string | typeof SEVERAL> {
    const others = new Map<string, string | typeof SEVERAL>();
    const below = this.#folder === '' ? '' : `${this.#folder}/`;
    for (const name of this.#names) {
      if (!name.startsWith(below) || !isPictureName(name)) continue;
      for (const key of [keyOfStem(name), keyOfBase(name), keyOfBaseStem(name)]) {
        const known = others.get(key);
        if (known !== name) others.set(key, known === undefined ? name : SEVERAL);
      }
    }
    return others;
  }
}

// The first character tells apart what the keys are of.
const keyOfStem = (name: string): string => `s${stem(name)}`;
const keyOfBase = (name: string): string => `b${posix.basename(name)}`;
const keyOfBaseStem = (name: string): string => `n${posix.basename(stem(name))}`;

function stem(name: string): string {
  const ending = posix.extname(name);
  return ending ? name.slice(0, -ending.length) : name;
}
